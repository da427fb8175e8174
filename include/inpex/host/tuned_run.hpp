// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a run takes of the machine's tuning: rank 0 reads the file, every rank puts the same values
// into its tasks. A file that cannot be used is told of and left alone.

#include <inpex/comm.hpp>
#include <inpex/error.hpp>
#include <inpex/host/prepare.hpp>
#include <inpex/host/survey.hpp>
#include <inpex/host/tuning.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

/// Rank 0's text, on every rank. Collective.
inline std::string shared_text(Comm const& comm, std::string text) {
  text.resize(comm.broadcast(text.size()));
  std::array<char, 1024> piece{};
  for (std::size_t at = 0; at < text.size(); at += piece.size()) {
    auto const length = std::min(piece.size(), text.size() - at);
    text.copy(piece.data(), length, at);
    text.replace(at, length, comm.broadcast(piece).data(), length);
  }
  return text;
}

/// Puts what the tuning says into the tasks, and gives back a sentence for each setting that was
/// put.
inline std::vector<std::string> tune_tasks(Tuning const& tuning, std::vector<Spec> const& specs,
                                           Survey const& survey, std::vector<Task>& tasks) {
  std::vector<std::string> said;
  for (auto& task : tasks)
    for (auto const& spec : specs) {
      auto const* space = survey.space(task.space);
      if (spec.id != task.app || space == nullptr) continue;
      auto const* found = found_for(tuning, spec, task, space->placement.threads.value_or(1));
      if (found == nullptr || task.schedule != "native") continue;
      if (auto const taken = tune_task(*found, spec, task); !taken.empty())
        said.push_back(
            fmt::format("{} takes {} of {}", task.name, settings_in_words(taken), found->found));
    }
  return said;
}

/// The same from a file, "" for that of this machine, which need not be there; one that is damaged
/// or of another machine is told of. Sentences are rank 0's. Throws Error (command) for a named
/// file that is not there. Collective.
inline std::vector<std::string> tune_tasks(std::string const& file, Comm const& comm,
                                           std::vector<Spec> const& specs, Survey const& survey,
                                           std::vector<Task>& tasks) {
  auto const path = file.empty() ? tuning_file(survey.platform) : std::filesystem::path(file);
  if (comm.broadcast(!file.empty() && comm.rank() == 0 && !is_there(path)))
    throw Error(Fault::command, "this file of `inpex tune` is not there", file,
                "write the name of one, or off");
  std::string text;
  std::vector<std::string> said;
  if (comm.rank() == 0 && !path.empty() && is_there(path)) try {
      text = read_file(path);
      tuning_of_text(text, path.string(), machine_id(survey.platform));
    } catch (Error const& error) {
      text.clear();
      said.push_back(fmt::format("the tuning is not used: {}", error.what()));
    }
  text = shared_text(comm, std::move(text));
  if (text.empty()) return said;
  return tune_tasks(from_json_text<Tuning>(text, path.string()), specs, survey, tasks);
}

}  // namespace inpex::host
