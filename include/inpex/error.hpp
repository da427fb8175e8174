// SPDX-License-Identifier: Apache-2.0
#pragma once
// The one exception of inpex. It says what was wrong, where in the user's own file or command, and
// what to write instead; the kind of the error decides the exit code of the program.

#include <exception>
#include <string>
#include <utility>

namespace inpex {

/// Kinds of trouble, and nothing finer: the kind decides the exit code.
enum class Fault {
  failed,        ///< a case could not run to its end
  command,       ///< a command line that cannot be carried out
  spec,          ///< a spec or suite that does not hold
  environment,   ///< device, memory, file system or MPI
  wrong,         ///< verification says that the result is wrong
  rejected,      ///< acceptance or comparison says no
  inconclusive,  ///< not decided, or a bundle that was interrupted
};

/// Exit code of a program that ends because of `fault`.
constexpr int exit_code(Fault fault) {
  switch (fault) {
  case Fault::failed:
    return 1;
  case Fault::command:
  case Fault::spec:
    return 2;
  case Fault::environment:
    return 3;
  case Fault::wrong:
    return 4;
  case Fault::rejected:
    return 5;
  case Fault::inconclusive:
    return 6;
  }
  return 1;
}

/// What is thrown at every boundary: sentences for a person.
class Error : public std::exception {
 public:
  Fault fault;
  std::string problem;  ///< what was found
  std::string where;    ///< place in the user's file or command ("heat7.yaml:12:9"), never in ours;
                        ///< may be empty
  std::string hint;     ///< what to write or do instead; may be empty

  Error(Fault kind, std::string problem_text, std::string place = {}, std::string advice = {})
      : fault(kind), problem(std::move(problem_text)), where(std::move(place)),
        hint(std::move(advice)), text_((where.empty() ? problem : where + ": " + problem) +
                                       (hint.empty() ? "" : "\n  " + hint)) {}

  /// "place: problem", then the hint on a line of its own.
  [[nodiscard]] char const* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

}  // namespace inpex
