// SPDX-License-Identifier: Apache-2.0
#pragma once
// YAML under the strict profile of docs/spec.md, as a tree whose every node knows its place. The
// only header that includes yaml-cpp, whose events (not its nodes) report anchors, tags and
// aliases. Refused with line and column: more than 1 MiB, bytes that are not UTF-8, tabs and other
// control characters, directives, duplicate keys, keys that are no words, anchors, aliases, tags,
// merge keys, a second document, octal and hexadecimal numbers, yes/no/on/off, nesting deeper
// than 32. The handler stops the parser at the depth limit, so that hostile nesting never reaches
// its recursion.

#include <inpex/host/printable.hpp>
#include <inpex/host/spec_errors.hpp>
#include <inpex/host/yaml_scalar.hpp>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

namespace detail {

inline constexpr std::size_t yaml_size_limit = std::size_t{1} << 20;
inline constexpr std::size_t yaml_depth_limit = 32;

struct StopReading {};  // thrown through yaml-cpp once reading on makes no sense

/// What yaml-cpp need not see. False if the text must not be parsed at all.
inline bool check_bytes(std::string_view text, Findings& findings) {
  if (text.size() > yaml_size_limit) {
    findings.add({}, "the file has " + std::to_string(text.size()) + " bytes",
                 "at most 1 MiB is read");
    return false;
  }
  Place place{1, 1};
  bool whole = true;
  for (std::size_t at = 0; at < text.size() && !findings.full();) {
    auto const length = utf8_length(text, at);
    char const letter = text[at];
    if (length == 0) {
      findings.add(place, "a byte that is not UTF-8", "save the file as UTF-8");
      return false;
    }
    bool const line_end =
        letter == '\n' || (letter == '\r' && at + 1 < text.size() && text[at + 1] == '\n');
    auto const code = static_cast<unsigned char>(letter);
    if (letter == '\t')
      findings.add(place, "a tab", "write blanks"), whole = false;
    else if ((code < 0x20 && !line_end) || code == 0x7F || text.substr(at, 3) == "\xEF\xBB\xBF")
      findings.add(place, "a control character or byte order mark", "remove it"), whole = false;
    else if (letter == '%' && place.column == 1)
      findings.add(place, "a directive", "a line must not begin with '%'"), whole = false;
    at += length;
    place = letter == '\n' ? Place{place.line + 1, 1} : Place{place.line, place.column + 1};
  }
  return whole;
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, Findings& findings) : text_(text), findings_(findings) {}

  Yaml root;

  /// Columns of yaml-cpp count bytes; ours count characters. Marks come in the file's order, so
  /// that counting goes on from the last one.
  Place place(YAML::Mark const& mark) {
    if (mark.is_null()) return {};
    auto const at = std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
    auto const start = at - std::min(at, static_cast<std::size_t>(std::max(mark.column, 0)));
    if (start != counted_start_ || at < counted_to_)
      counted_start_ = start, counted_to_ = start, characters_ = 0;
    for (; counted_to_ < at; ++counted_to_)
      if ((static_cast<unsigned char>(text_[counted_to_]) & 0xC0U) != 0x80) ++characters_;
    return {mark.line + 1, characters_ + 1};
  }

  void OnDocumentStart(YAML::Mark const& mark) override {
    if (documents_++ > 0)
      refuse(place(mark), "a second document", "a file holds one; remove what follows '---'");
  }
  void OnDocumentEnd() override {}
  void OnNull(YAML::Mark const& mark, YAML::anchor_t anchor) override {
    Yaml node{.place = place(mark)};
    check_properties(node, mark, anchor, "");
    finish(std::move(node));
  }
  void OnAlias(YAML::Mark const& mark, YAML::anchor_t) override {
    Yaml node{.place = place(mark), .refused = true};
    findings_.add(node.place, "an alias", "write the value out");
    finish(std::move(node));
  }
  void OnScalar(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                std::string const& value) override {
    Yaml node{.kind = Yaml::Kind::scalar, .text = value, .plain = tag == "?", .place = place(mark)};
    node.one_line = value.find('\n') == std::string::npos && written_here(mark, value);
    check_properties(node, mark, anchor, tag);
    if (node.plain)
      check_plain(node);
    else
      check_closed(node, mark);
    finish(std::move(node));
  }
  void OnSequenceStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Yaml::Kind::list, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(YAML::Mark const& mark, std::string const& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Yaml::Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Yaml node;
    bool has_key = false;
    std::string key = {};
    Place key_place = {};
    bool key_refused = false;
    std::set<std::string> seen = {};
  };

  [[noreturn]] void refuse(Place where, std::string problem, std::string hint) {
    findings_.add(where, std::move(problem), std::move(hint));
    throw StopReading{};
  }

  // Whether the scalar's text stands in the file letter by letter, so that offsets are columns.
  [[nodiscard]] bool written_here(YAML::Mark const& mark, std::string const& value) const {
    auto const at = static_cast<std::size_t>(std::max(mark.pos, 0));
    if (at >= text_.size()) return false;
    auto const quoted = text_[at] == '"' || text_[at] == '\'';
    return text_.substr(at + (quoted ? 1 : 0), value.size()) == value;
  }

  void check_properties(Yaml& node, YAML::Mark const& mark, YAML::anchor_t anchor,
                        std::string const& tag) {
    auto const at = static_cast<std::size_t>(std::max(mark.pos, 0));
    char const first = at < text_.size() ? text_[at] : ' ';
    if (anchor != 0 || first == '&') {
      findings_.add(node.place, "an anchor", "write each value where it is used");
      node.refused = true;
    } else if ((!tag.empty() && tag != "?" && tag != "!") || first == '!') {
      findings_.add(node.place, "a tag", "remove it; the field decides the type");
      node.refused = true;
    }
  }

  void check_plain(Yaml& node) {
    if (auto const [problem, hint] = refused_scalar(node.text); !problem.empty()) {
      findings_.add(node.place, problem, hint);
      node.refused = true;
    }
  }

  // yaml-cpp 0.7 takes the end of the file for the end of a quote.
  void check_closed(Yaml const& node, YAML::Mark const& mark) {
    auto at = static_cast<std::size_t>(std::max(mark.pos, 0));
    char const quote = at < text_.size() ? text_[at] : ' ';
    if (quote != '"' && quote != '\'') return;
    for (++at; at < text_.size() && text_[at] != quote; ++at)
      if (text_[at] == '\\' && quote == '"') ++at;
    if (at >= text_.size())
      refuse(node.place, "a quote that is not closed",
             std::string("write ") + quote + " at its end");
  }

  void open(Yaml::Kind kind, YAML::Mark const& mark, std::string const& tag,
            YAML::anchor_t anchor) {
    Open entry{.node = {.kind = kind, .place = place(mark)}};
    if (open_.size() >= yaml_depth_limit)
      refuse(entry.node.place, "nesting deeper than 32", "a spec needs no more than 6");
    check_properties(entry.node, mark, anchor, tag);
    open_.push_back(std::move(entry));
  }

  void close() {
    Yaml node = std::move(open_.back().node);
    open_.pop_back();
    finish(std::move(node));
  }

  // Puts a complete node where it belongs: the root, an element, a key or a value.
  void finish(Yaml node) {
    if (findings_.full()) throw StopReading{};
    if (open_.empty()) {
      root = std::move(node);
      return;
    }
    Open& top = open_.back();
    if (top.node.kind == Yaml::Kind::map) {
      if (!top.has_key) return take_key(top, node);
      node.key = std::move(top.key);
      node.key_place = top.key_place;
      top.has_key = false;
      if (node.kind == Yaml::Kind::null) node.place = node.key_place;
      if (top.key_refused) return;
    }
    top.node.items.push_back(std::move(node));
  }

  void take_key(Open& top, Yaml const& node) {
    top.has_key = true;
    top.key = node.text;
    top.key_place = node.place;
    top.key_refused = node.refused;
    if (node.kind != Yaml::Kind::scalar && !node.refused) {
      findings_.add(node.place, "a key that is no word", "write 'name: value'");
      top.key_refused = true;
    } else if (node.plain && node.text == "<<") {
      findings_.add(node.place, "a merge key", "write the values out");
      top.key_refused = true;
    } else if (node.kind == Yaml::Kind::scalar && !top.seen.insert(node.text).second) {
      findings_.add(node.place, "duplicate key '" + abbreviated(node.text) + "'",
                    "keep one of them");
      top.key_refused = true;
    }
  }

  std::string_view text_;
  Findings& findings_;
  std::vector<Open> open_;
  int documents_ = 0;
  std::size_t counted_start_ = 0, counted_to_ = 0;
  int characters_ = 0;
};

}  // namespace detail

/// The tree of a YAML text; what the profile refuses is added to the findings, and what was built
/// so far is returned. A refused node is marked, so that nobody complains about it again.
inline Yaml read_yaml(std::string const& text, Findings& findings) {
  if (!detail::check_bytes(text, findings)) return {};
  detail::TreeBuilder builder(text, findings);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (YAML::Exception const& error) {
    findings.add(builder.place(error.mark), "this is not YAML: " + error.msg,
                 "look at indentation, quotes and brackets here and on the line above");
  } catch (detail::StopReading const&) {
    return std::move(builder.root);  // the finding is already there
  }
  if (builder.root.kind == Yaml::Kind::null && findings.empty())
    findings.add({}, "the file is empty", "write the fields that docs/spec.md lists");
  return std::move(builder.root);
}

}  // namespace inpex::host
