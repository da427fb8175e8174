// SPDX-License-Identifier: Apache-2.0
#pragma once
// Every field of a spec and of a suite, once. From these tables come the check of a file's shape,
// the JSON Schema for editors, and the tables of docs/spec.md. A path names a field:
// "work.phases.*.read" (any key), "verify[].id" (of each element).

#include <optional>
#include <span>
#include <string_view>

namespace inpex::host {

/// What may be written. Those up to `format` are texts; the order is that of the words in
/// expected() of spec_shape.hpp.
enum class Shape {
  text,    ///< a sentence
  name,    ///< a letter, then letters, digits and _
  label,   ///< letters, digits, - and _, beginning with a letter: a case, a check
  id,      ///< family.app
  semver,  ///< 1.0.0
  format,  ///< the version of the format: "1.0"
  word,    ///< a word of the vocabulary `words`
  word_or_words,
  texts,  ///< a list of sentences
  names,  ///< a list of names or labels
  words,  ///< a list of words
  whole,  ///< a whole number
  number,
  scalar,      ///< a number, text or boolean, as the parameter's type says
  scalars,     ///< a list of such
  sweep,       ///< one such, or a list
  formula,     ///< a number or a formula
  rows,        ///< a formula, or a list, or a list of rows
  map,         ///< the fields below it
  list,        ///< of maps with the fields below `path[]`
  word_or_map  ///< a word, or the fields below it
};

/// One field: its path, what may be written, and what it holds.
struct FieldRule {
  std::string_view path;
  Shape shape;
  std::string_view sentence;
  bool required = false;
  bool normative = true;                      ///< of a top field: enters the digest
  std::string_view words = {};                ///< vocabulary of a word
  std::string_view like = {};                 ///< a map whose fields are those of that path
  std::optional<double> low = {}, high = {};  ///< of a number; inclusive

  [[nodiscard]] constexpr FieldRule must() const {
    FieldRule copy = *this;
    copy.required = true;
    return copy;
  }
  [[nodiscard]] constexpr FieldRule unhashed() const {
    FieldRule copy = *this;
    copy.normative = false;
    return copy;
  }
  [[nodiscard]] constexpr FieldRule of(std::string_view vocabulary) const {
    FieldRule copy = *this;
    copy.words = vocabulary;
    return copy;
  }
  [[nodiscard]] constexpr FieldRule as(std::string_view other) const {
    FieldRule copy = *this;
    copy.like = other;
    return copy;
  }
  [[nodiscard]] constexpr FieldRule at_least(double least) const {
    FieldRule copy = *this;
    copy.low = least;
    return copy;
  }
  [[nodiscard]] constexpr FieldRule between(double least, double most) const {
    FieldRule copy = at_least(least);
    copy.high = most;
    return copy;
  }
};

namespace detail {

using F = FieldRule;
using S = Shape;

inline constexpr FieldRule spec_rows[] = {
    F{"inpex_spec", S::format, "version of this format, in quotes: \"1.0\""}.must(),
    F{"id", S::id, "family and app; also the name of the program's app"}.must(),
    F{"version", S::semver, "semantic version of this spec"}.must(),
    F{"status", S::word, "whether results may be compared in public"}.must().of("status"),
    F{"title", S::text, "one line"}.must().unhashed(),
    F{"summary", S::text, "a paragraph"}.unhashed(),
    F{"motif", S::word, "one of the thirteen dwarfs"}.must().of("motif").unhashed(),
    F{"tags", S::words, "words to find it by"}.of("trait").unhashed(),
    F{"proxy_for", S::texts, "codes that it stands for"}.unhashed(),
    F{"represents", S::words, "what it stresses; rules look at it"}.of("trait"),
    F{"does_not_represent", S::words, "what it leaves out"}.of("trait").unhashed(),
    F{"cite", S::texts, "publications"}.unhashed(),
    F{"problem", S::text, "the discrete equations in words"}.must(),
    F{"parameters", S::map, "the app's parameters by name"}.must(),
    F{"parameters.*", S::map, "one parameter"},
    F{"parameters.*.type", S::word, "type of the value"}.must().of("parameter type"),
    F{"parameters.*.role", S::word, "fixed by the case, set by a scaling law, or free to tune"}
        .must()
        .of("role"),
    F{"parameters.*.unit", S::word, "unit"}.of("unit"),
    F{"parameters.*.summary", S::text, "one line"},
    F{"parameters.*.default", S::scalar, "value of a case that does not name it"},
    F{"parameters.*.min", S::number, "least value"},
    F{"parameters.*.max", S::number, "largest value"},
    F{"parameters.*.multiple", S::whole, "what every value is a multiple of"}.at_least(1),
    F{"parameters.*.allowed", S::scalars, "the only values"},
    F{"parameters.*.open", S::scalars, "values with which a run belongs to the open division"},
    F{"parameters.*.candidates", S::scalars,
      "values that `inpex tune` tries; at most 24 combinations of all parameters"},
    F{"choices", S::map, "what the app chooses where parameters leave it open, as records state it"}
        .unhashed(),
    F{"choices.*", S::text, "what is chosen"},
    F{"initial_data", S::map,
      "how the initial state is made; each key but the generator is handed to the app"}
        .must(),
    F{"initial_data.generator", S::label, "name of the rule"}.must(),
    F{"initial_data.*", S::rows, "numbers, or rows of numbers, of the rule"},
    F{"precision", S::map, "types of numbers"}.must(),
    F{"precision.state", S::word_or_words,
      "of the state; a list names all that are allowed, the default first"}
        .must()
        .of("precision"),
    F{"precision.accumulate", S::word, "of sums; `same` is that of the state"}.of("accumulation"),
    F{"precision.index", S::word, "of indices"}.of("index"),
    F{"cases", S::map, "named sizes: smoke, teach, S, M, L, mem25 to mem75"}.must(),
    F{"cases.*", S::map, "one case; its other keys are parameters"},
    F{"cases.*.summary", S::text, "one line"},
    F{"cases.*.fill_memory", S::number,
      "all scaling parameters are the largest multiple of 8 whose peak stays within "
      "this fraction of the memory"}
        .between(0.01, 1),
    F{"cases.*.measure", S::map, "what this case measures in another way"}.as("measure"),
    F{"cases.*.*", S::scalar, "value of a parameter"},
    F{"work", S::map, "what one step costs on one rank"}.must(),
    F{"work.let", S::map, "names for parts of formulas, in order"},
    F{"work.let.*", S::formula, "a part"},
    F{"work.totals", S::map,
      "predictions of names that the app reports and that do not differ from rank to rank, so "
      "that formulas of the whole run may use them"},
    F{"work.totals.*", S::formula, "predicted value"},
    F{"work.extents", S::map, "predictions of names that the app reports once it is set up"},
    F{"work.extents.*", S::formula, "predicted value"},
    F{"work.footprint", S::formula, "bytes that one rank holds while it is timed"}.must(),
    F{"work.peak", S::formula,
      "bytes that it holds at most, set-up and verification included; the footprint where it is "
      "left out"},
    F{"work.phases", S::map, "phases of a step by name"}.must(),
    F{"work.phases.*", S::map, "one phase"},
    F{"work.phases.*.flops", S::formula, "operations"},
    F{"work.phases.*.read", S::formula, "bytes read, each datum once, ghost cells included"},
    F{"work.phases.*.write", S::formula, "bytes written"},
    F{"work.phases.*.messages", S::formula, "messages that the rank sends"},
    F{"work.phases.*.message_bytes", S::formula, "bytes of all these messages"},
    F{"work.phases.*.launches", S::formula, "kernels started"},
    F{"work.phases.*.overlap_with", S::label, "the phase that hides it"},
    F{"work.phases.*.ceiling", S::word,
      "the measured ceiling to compare with; left out, the one with the nearest mix of "
      "reads and writes"}
        .of("ceiling"),
    F{"audit", S::map, "how the counts of `work` are audited"}.unhashed(),
    F{"audit.sizes", S::list,
      "parameters of each audit in place of the smoke case's; left out, its scaling parameters at "
      "a "
      "half, three quarters and in full"},
    F{"audit.sizes[].*", S::scalar, "value of a parameter"},
    F{"audit.let", S::map, "names for parts of the formulas below, in order"},
    F{"audit.let.*", S::formula, "a part"},
    F{"audit.phases", S::map, "phases whose formulas say something else than what is counted"},
    F{"audit.phases.*", S::map, "one phase"},
    F{"audit.phases.*.once", S::word, "within what a datum counts once; phase if left out"}.of(
        "audit unit"),
    F{"audit.phases.*.arrays", S::word,
      "whose bytes are counted: those of numbers or, with their indices, all; numbers if left out"}
        .of("audit arrays"),
    F{"audit.phases.*.flops", S::map, "what is counted in place of the formula, and why"},
    F{"audit.phases.*.flops.counted", S::formula, "what is counted; left out, what `work` says"},
    F{"audit.phases.*.flops.within", S::number,
      "relative difference that is allowed; 0 if left out"}
        .between(0, 0.5),
    F{"audit.phases.*.flops.reason", S::text, "why"}.must(),
    F{"audit.phases.*.read", S::map, "the same of bytes read"}.as("audit.phases.*.flops"),
    F{"audit.phases.*.write", S::map, "of bytes written"}.as("audit.phases.*.flops"),
    F{"audit.phases.*.messages", S::map, "of messages"}.as("audit.phases.*.flops"),
    F{"audit.phases.*.message_bytes", S::map, "of their bytes"}.as("audit.phases.*.flops"),
    F{"fom", S::map, "the one headline figure"}.must(),
    F{"fom.name", S::name, "its name"}.must(),
    F{"fom.formula", S::formula, "its value"}.must(),
    F{"fom.unit", S::text, "its unit"}.must(),
    F{"fom.better", S::word, "which way is better"}.must().of("direction"),
    F{"fom.passed_as", S::text,
      "word that the benchmark's own rules have for a run that passed, shown with the division"},
    F{"secondary", S::map, "figures shown beside it"},
    F{"secondary.*", S::map, "one figure by name"},
    F{"secondary.*.formula", S::formula, "its value"}.must(),
    F{"secondary.*.unit", S::text, "its unit"}.must(),
    F{"functional_unit", S::map, "the unit of work for joules and CO2e"}.must(),
    F{"functional_unit.name", S::name, "its name"}.must(),
    F{"functional_unit.formula", S::formula, "how many of it a sample makes"}.must(),
    F{"measure", S::map, "how it is measured"},
    F{"measure.timed_region", S::text, "what is timed"},
    F{"measure.excluded", S::texts, "what is not"},
    F{"measure.aggregate", S::word, "one time from all ranks'"}.of("aggregate"),
    F{"measure.warmup", S::whole, "samples thrown away"}.between(0, 1000),
    F{"measure.min_samples", S::whole, "fewest samples"}.between(1, 1000000),
    F{"measure.max_samples", S::whole, "most samples; 1000 if left out"}.between(1, 1000000),
    F{"measure.min_seconds", S::number, "shortest time of all samples together"}.between(0, 86400),
    F{"measure.statistic", S::word, "one number from all samples"}.of("statistic"),
    F{"measure.stop", S::map, "when enough is enough"},
    F{"measure.stop.rule", S::word, "the rule"}.of("stopping rule"),
    F{"measure.stop.max_noise", S::number, "relative noise that is small enough"}.between(0, 1),
    F{"measure.stop.timeout_seconds", S::number, "time after which it ends anyway"}.between(0.001,
                                                                                            864000),
    F{"measure.interval", S::map, "interval of the statistic"},
    F{"measure.interval.level", S::number, "confidence"}.between(0.5, 0.9999),
    F{"measure.interval.method", S::word, "how it is made"}.of("interval method"),
    F{"verify", S::list, "checks of the state that was timed"}.must(),
    F{"verify[].id", S::label, "name of the check, which the app knows"}.must(),
    F{"verify[].kind", S::word, "how it judges; exact if left out"}.of("check kind"),
    F{"verify[].quantity", S::word, "what is found"}.of("quantity"),
    F{"verify[].expect", S::formula,
      "a number that the value must be near, or the name of the oracle"},
    F{"verify[].tolerance", S::formula, "largest error, or `bitwise`"}.must(),
    F{"verify[].over", S::word, "what must not change the state"}.of("over"),
    F{"verify[].when", S::word, "in every run, or in the case of that name only"}.must().of(
        "occasion"),
    F{"verify[].planted", S::list, "faults that this check must catch"},
    F{"verify[].planted[]", S::word_or_map, "one fault"}.of("fault"),
    F{"verify[].planted[].fault", S::word, "its name"}.must().of("fault"),
    F{"verify[].planted[].amount", S::map, "relative amount of what is perturbed, by precision"},
    F{"verify[].planted[].amount.fp64", S::number, "amount in fp64"}.between(1e-12, 1),
    F{"verify[].planted[].amount.fp32", S::number, "amount in fp32"}.between(1e-12, 1),
    F{"verify[].planted[].amount.mixed", S::number, "amount in mixed"}.between(1e-12, 1),
    F{"scaling", S::map, "how it grows with ranks"},
    F{"scaling.weak", S::map, "work grows with ranks"}.as("scaling.strong"),
    F{"scaling.strong", S::map, "work stays"},
    F{"scaling.strong.hold", S::word, "what stays the same"}.must().of("hold"),
    F{"scaling.strong.law", S::text,
      "parameters from those of one rank and the grid of ranks: \"nx=nx0*px\""},
    F{"scaling.strong.min_cells_per_rank", S::whole, "where it stops making sense"}.at_least(1),
    F{"scaling.throughput", S::map, "copies side by side"}.as("scaling.strong"),
    F{"divisions", S::map, "what may be changed"}.must(),
    F{"divisions.reference", S::map, "the code as it is"}.must().as("divisions.closed"),
    F{"divisions.closed", S::map, "same mathematics, other code"},
    F{"divisions.closed.source", S::word, "whether the source may change"}.of("source"),
    F{"divisions.closed.tune", S::names, "tuning parameters, ranks, threads"},
    F{"divisions.closed.allow", S::words, "allowed"}.of("permission"),
    F{"divisions.closed.deny", S::words, "forbidden"}.of("permission"),
    F{"divisions.closed.require", S::texts, "checks (verify.exact) and disclosure"},
    F{"divisions.open", S::map, "anything that verifies"}.as("divisions.closed"),
    F{"do_not_optimise", S::texts, "what a rewrite must not exploit"},
    F{"energy", S::map, "when joules mean something"},
    F{"energy.min_window_seconds", S::number, "shortest window"}.between(0, 86400),
    F{"energy.min_updates", S::whole, "fewest updates of the counter"}.at_least(1),
    F{"teach", S::map, "for lecturers"}.unhashed(),
    F{"teach.objectives", S::texts, "what is learnt"},
    F{"teach.exercises", S::texts, "tasks"},
};

inline constexpr FieldRule suite_rows[] = {
    F{"inpex_suite", S::format, "version of this format, in quotes: \"1.0\""}.must(),
    F{"id", S::label, "name of the suite"}.must(),
    F{"title", S::text, "one line"}.must(),
    F{"runs", S::list, "what is run, in order"}.must(),
    F{"runs[].app", S::id, "the app"}.must(),
    F{"runs[].cases", S::names, "its cases"}.must(),
    F{"runs[].precisions", S::words, "its precisions; left out, the spec's default"}.of(
        "precision"),
    F{"runs[].parameters", S::map, "values that replace the case's; a list is a sweep"},
    F{"runs[].parameters.*", S::sweep, "a value, or a list of values"},
};

}  // namespace detail

inline constexpr std::span<FieldRule const> spec_fields{detail::spec_rows};
inline constexpr std::span<FieldRule const> suite_fields{detail::suite_rows};

/// The rule of a field by its path, or nullptr.
inline FieldRule const* find_rule(std::span<FieldRule const> rules, std::string_view path) {
  for (auto const& rule : rules)
    if (rule.path == path) return &rule;
  return nullptr;
}

}  // namespace inpex::host
