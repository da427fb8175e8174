// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/bundle_writer.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>
#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

namespace {

// The first `records` tasks of a plan done, as a kill would leave the folder.
RunPlan interrupted(std::filesystem::path const& out, int tasks, int records) {
  auto const plan = test_plan(tasks);
  auto const writer = BundleWriter::create(out, plan);
  for (int i = 0; i < records; ++i)
    writer.append(test_record(plan.tasks[static_cast<std::size_t>(i)]), test_samples(3));
  return plan;
}

// Runs `work` in a child in which no file can grow beyond `bytes`; the exit code is 0, that of the
// Error, or 99 when `work` threw none.
template <class Work>
int with_full_disk(rlim_t bytes, Work&& work) {
  auto const child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);  // then write() says EFBIG
    rlimit const limit{bytes, bytes};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    auto const fault = fault_of(work);
    ::_exit(fault ? exit_code(*fault) : 99);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string const fresh = "out";

}  // namespace

TEST_CASE("a bundle is whole only when it is finished") {
  ScratchFolder const folder;
  auto const plan = test_plan(2);
  auto writer = BundleWriter::create(folder / fresh, plan,
                                     {{"specs/stencil.heat7.yaml", "id: stencil.heat7\n"}});
  writer.put("machine.yaml", "cpu: one\n");
  for (auto const& task : plan.tasks) writer.append(test_record(task), test_samples(3));
  CHECK(open_bundle(folder / "out.partial").records.size() == 2);
  CHECK_FALSE(is_there(folder / fresh));
  CHECK(writer.finish() == folder / fresh);
  CHECK_FALSE(is_there(folder / "out.partial"));
  auto const bundle = open_bundle(folder / "out/");
  CHECK(bundle.whole);
  CHECK(bundle.plan.tasks == plan.tasks);
  CHECK(bundle.remaining.empty());
  for (auto const& record : bundle.records)
    CHECK(read_samples(bundle.folder, record).time == test_samples(3).time);
  std::string names;
  for (auto const& [name, special] : files_below(folder / fresh)) names += name + " ";
  CHECK(names == "log.txt machine.yaml plan.json records.jsonl "
                 "samples/0001-stencil.heat7-smoke-openmp-fp64.h5 "
                 "samples/0002-stencil.heat7-smoke-openmp-fp64.h5 specs/stencil.heat7.yaml ");
}

TEST_CASE("append fills in id, time and what the record says of its samples") {
  ScratchFolder const folder;
  auto const plan = test_plan(2);
  auto const writer = BundleWriter::create(folder / fresh, plan);
  auto const record = writer.append(test_record(plan.tasks[0]), test_samples(64));
  CHECK(record.id == content_id(record));
  CHECK(record.created.size() == 20);
  CHECK(record.timing.count == 64);
  CHECK(record.timing.samples.size() == 64);
  CHECK(record.timing.samples[0] == 0.1 + 1);  // the slower of the ranks, 0.1 + r
  auto const more = writer.append(test_record(plan.tasks[1]), test_samples(65));
  CHECK(more.timing.samples.empty());
  CHECK(more.timing.count == 65);
}

TEST_CASE("a case that never ran is a record without samples") {
  ScratchFolder const folder;
  auto const plan = test_plan(1);
  auto writer = BundleWriter::create(folder / fresh, plan);
  auto record = test_record(plan.tasks[0]);
  record.status = Status::failed, record.reason = "its process was ended by signal 9";
  CHECK(writer.append(record, {}).timing.file.empty());
  writer.finish();
  CHECK(open_bundle(folder / fresh).records[0].status == Status::failed);
}

TEST_CASE("a forked child appends, and its parent sees the record and finishes") {
  ScratchFolder const folder;
  auto const plan = test_plan(1);
  auto writer = BundleWriter::create(folder / fresh, plan);
  auto const child = ::fork();
  if (child == 0) {
    auto const fault =
        fault_of([&] { writer.append(test_record(plan.tasks[0]), test_samples(2)); });
    ::_exit(fault ? 1 : 0);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  CHECK(writer.remaining().empty());
  writer.finish();
  CHECK(open_bundle(folder / fresh).records.size() == 1);
}

TEST_CASE("a task that is unknown or has its record already is refused") {
  ScratchFolder const folder;
  auto const plan = test_plan(2);
  auto const writer = BundleWriter::create(folder / fresh, plan);
  writer.append(test_record(plan.tasks[0]), test_samples(2));
  CHECK_THAT(what_of([&] { writer.append(test_record(plan.tasks[0]), test_samples(2)); }),
             ContainsSubstring("is no task that waits for a record"));
  CHECK(writer.records().size() == 1);
}

TEST_CASE("a bundle with cases to do cannot be finished") {
  ScratchFolder const folder;
  auto const plan = test_plan(2);
  auto writer = BundleWriter::create(folder / fresh, plan);
  writer.append(test_record(plan.tasks[0]), test_samples(2));
  CHECK_THAT(what_of([&] { writer.finish(); }), ContainsSubstring("lacks 0002-stencil.heat7") &&
                                                    ContainsSubstring("inpex run --resume"));
}

TEST_CASE("a folder that exists is refused and stays as it was") {
  ScratchFolder const folder;
  make_folder(folder / fresh, false);
  write_file(folder / "out/mine.txt", "mine");
  auto const create = [&] { BundleWriter::create(folder / fresh, test_plan(1)); };
  CHECK_THAT(what_of(create),
             ContainsSubstring("the folder exists already") && ContainsSubstring("--out"));
  CHECK(fault_of(create) == Fault::environment);
  CHECK(read_file(folder / "out/mine.txt") == "mine");
  CHECK_FALSE(is_there(folder / "out.partial"));
}

TEST_CASE("a folder that comes into being during the run is not replaced") {
  ScratchFolder const folder;
  auto const plan = test_plan(1);
  {
    auto writer = BundleWriter::create(folder / fresh, plan);
    writer.append(test_record(plan.tasks[0]), test_samples(2));
    make_folder(folder / fresh, false);
    CHECK_THAT(what_of([&] { writer.finish(); }), ContainsSubstring("has come into being"));
  }
  std::filesystem::remove(folder / fresh);
  BundleWriter::resume(folder / fresh, test_conditions()).finish();
  CHECK(open_bundle(folder / fresh).whole);
}

TEST_CASE("an interrupted run is refused with the way to go on") {
  ScratchFolder const folder;
  interrupted(folder / fresh, 2, 1);
  CHECK_THAT(what_of([&] { BundleWriter::create(folder / fresh, test_plan(1)); }),
             ContainsSubstring("inpex run --resume"));
  CHECK_THAT(what_of([&] { BundleWriter::create(folder / "out.partial", test_plan(1)); }),
             ContainsSubstring("cannot end in .partial"));
  CHECK(open_bundle(folder / "out.partial").records.size() == 1);
}

TEST_CASE("a folder that cannot be made is an error of the environment with its cause") {
  ScratchFolder const folder;
  write_file(folder / "file", "");
  auto const below_file = [&] { BundleWriter::create(folder / "file/out", test_plan(1)); };
  CHECK_THAT(what_of(below_file), ContainsSubstring("Not a directory"));
  CHECK(fault_of(below_file) == Fault::environment);
  auto const no_parent = [&] { BundleWriter::create(folder / "none/out", test_plan(1)); };
  CHECK_THAT(what_of(no_parent),
             ContainsSubstring("No such file") && ContainsSubstring("make the folder '"));
  CHECK(fault_of(no_parent) == Fault::environment);
}

TEST_CASE("two runs cannot write to one bundle, and a reader sees that it is being written") {
  ScratchFolder const folder;
  auto const resume = [&] { BundleWriter::resume(folder / fresh, test_conditions()); };
  {
    auto const writer = BundleWriter::create(folder / fresh, test_plan(2));
    CHECK_THAT(what_of(resume), ContainsSubstring("another inpex is writing to this bundle"));
    CHECK(fault_of(resume) == Fault::environment);
    CHECK(open_bundle(folder / "out.partial").running);
  }
  CHECK_FALSE(open_bundle(folder / "out.partial").running);
  CHECK(what_of(resume).empty());
}

TEST_CASE("resume goes on with what is left, under either name") {
  ScratchFolder const folder;
  auto const plan = interrupted(folder / fresh, 3, 1);
  {
    auto const writer = BundleWriter::resume(folder / "out.partial/", test_conditions());
    REQUIRE(writer.remaining().size() == 2);
    CHECK(writer.remaining()[0] == plan.tasks[1]);
    CHECK(writer.plan().command == plan.command);
    writer.append(test_record(plan.tasks[1]), test_samples(2));
  }
  auto writer = BundleWriter::resume(folder / fresh, test_conditions());
  writer.append(test_record(plan.tasks[2]), test_samples(2));
  writer.finish();
  CHECK(open_bundle(folder / fresh).records.size() == 3);
}

TEST_CASE("resume under other conditions says which, and changes nothing") {
  ScratchFolder const folder;
  interrupted(folder / fresh, 2, 1);
  auto const before = manifest_of(folder / "out.partial");
  auto conditions = test_conditions();
  put(conditions, "ranks", std::int64_t{4});
  CHECK_THAT(what_of([&] { BundleWriter::resume(folder / fresh, conditions); }),
             ContainsSubstring("ranks was 2 and is now 4"));
  CHECK(manifest_of(folder / "out.partial") == before);
}

TEST_CASE("there is nothing to resume in a whole bundle, or where none is") {
  ScratchFolder const folder;
  auto const plan = interrupted(folder / fresh, 1, 1);
  BundleWriter::resume(folder / fresh, test_conditions()).finish();
  CHECK_THAT(what_of([&] { BundleWriter::resume(folder / fresh, test_conditions()); }),
             ContainsSubstring("nothing is left to do"));
  CHECK_THAT(what_of([&] { BundleWriter::resume(folder / "none", test_conditions()); }),
             ContainsSubstring("there is no interrupted run"));
}

TEST_CASE("a last line that is torn at any byte never counts, and resume moves it aside") {
  ScratchFolder const folder;
  interrupted(folder / fresh, 2, 2);
  auto const path = folder / "out.partial/records.jsonl";
  auto const whole = read_file(path);
  auto const first = whole.find('\n') + 1;
  for (std::size_t size = first + 1; size < whole.size();
       size += size + 40 < whole.size() ? 37 : 1) {
    write_file(path, whole.substr(0, size));
    auto const bundle = open_bundle(folder / "out.partial");
    CHECK(bundle.records.size() == 1);
    CHECK(bundle.torn.size() == size - first);
    CHECK(bundle.remaining.size() == 1);
  }
  write_file(path, whole.substr(0, whole.size() - 1));
  auto const writer = BundleWriter::resume(folder / fresh, test_conditions());
  CHECK(read_file(path) == whole.substr(0, first));
  CHECK(read_file(folder / "out.partial/torn.txt") == whole.substr(first));
  CHECK_THAT(read_file(folder / "out.partial/log.txt"), ContainsSubstring("bytes are in torn.txt"));
  CHECK_FALSE(is_there(folder / "out.partial/samples/0002-stencil.heat7-smoke-openmp-fp64.h5"));
}

TEST_CASE("a line of zeros that a power cut left does not count") {
  ScratchFolder const folder;
  interrupted(folder / fresh, 2, 1);
  auto const path = folder / "out.partial/records.jsonl";
  write_file(path, read_file(path) + std::string(100, '\0') + "\n");
  CHECK(open_bundle(folder / "out.partial").torn.size() == 101);
}

TEST_CASE("a record that follows a torn line starts on a line of its own") {
  ScratchFolder const folder;
  auto const plan = test_plan(2);
  auto const writer = BundleWriter::create(folder / fresh, plan);
  write_file(folder / "out.partial/records.jsonl", "{\"inpex_record\":");
  writer.append(test_record(plan.tasks[0]), test_samples(2));
  CHECK(open_bundle(folder / "out.partial").records.size() == 1);
}

TEST_CASE("a damaged line before the last is an error with its number") {
  ScratchFolder const folder;
  interrupted(folder / fresh, 2, 2);
  auto const path = folder / "out.partial/records.jsonl";
  auto text = read_file(path);
  text[text.find("heat7")] = 'H';
  write_file(path, text);
  CHECK_THAT(what_of([&] { open_bundle(folder / "out.partial"); }),
             ContainsSubstring("records.jsonl:1: "));
}

TEST_CASE("no byte of a whole bundle can be changed unseen, and the file is named") {
  ScratchFolder const folder;
  interrupted(folder / fresh, 1, 1);
  BundleWriter::resume(folder / fresh, test_conditions()).finish();
  for (auto const& [name, special] : files_below(folder / fresh)) {
    auto const bytes = read_file(folder / "out" / name);
    auto changed = bytes;
    changed[bytes.size() / 2] = static_cast<char>(changed[bytes.size() / 2] ^ 4);
    write_file(folder / "out" / name, changed);
    CHECK_THAT(what_of([&] { open_bundle(folder / fresh); }),
               ContainsSubstring("'" + name + "' was changed"));
    CHECK(fault_of([&] { open_bundle(folder / fresh); }) == Fault::inconclusive);
    write_file(folder / "out" / name, bytes);
  }
  CHECK(open_bundle(folder / fresh).whole);
}

TEST_CASE("what is no bundle is refused by what it lacks") {
  ScratchFolder const folder;
  interrupted(folder / fresh, 2, 1);
  auto const none = [&] { open_bundle(folder / fresh); };
  CHECK_THAT(what_of(none),
             ContainsSubstring("there is no such bundle") && ContainsSubstring("out.partial"));
  CHECK(fault_of(none) == Fault::command);
  rename_to(folder / "out.partial", folder / fresh);
  CHECK_THAT(what_of(none), ContainsSubstring("has no manifest.sha256"));
  make_folder(folder / "new.partial", false);
  CHECK_THAT(what_of([&] { open_bundle(folder / "new.partial"); }),
             ContainsSubstring("had not begun"));
}

TEST_CASE("a full disk refuses a new bundle and leaves nothing behind") {
  ScratchFolder const folder;
  CHECK(with_full_disk(10, [&] { BundleWriter::create(folder / fresh, test_plan(1)); }) == 3);
  CHECK_FALSE(is_there(folder / "out.partial"));
}

TEST_CASE("a disk that fills up within a record keeps every record before it") {
  ScratchFolder const folder;
  auto const plan = interrupted(folder / fresh, 12, 10);
  auto const path = folder / "out.partial/records.jsonl";
  auto const before = read_file(path);
  auto const image = SampleWriter(std::string(64, 'a')).image(test_samples(3)).size();
  REQUIRE(before.size() > image);  // so that one limit lets the samples pass, and tears the line
  for (rlim_t const limit : {rlim_t{100}, rlim_t{image - 1}, rlim_t{before.size() + 100}}) {
    CHECK(with_full_disk(limit, [&] {
            auto const writer = BundleWriter::resume(folder / fresh, test_conditions());
            writer.append(test_record(plan.tasks[10]), test_samples(3));
          }) == 3);
    CHECK(read_file(path) == before);
    CHECK(open_bundle(folder / "out.partial").records.size() == 10);
  }
  auto writer = BundleWriter::resume(folder / fresh, test_conditions());
  for (auto const& task : writer.remaining()) writer.append(test_record(task), test_samples(3));
  writer.finish();
  CHECK(open_bundle(folder / fresh).records.size() == 12);
}

TEST_CASE("resume refuses a link in the folder before it writes through it") {
  for (auto const* name :
       {"samples", "log.txt", "records.jsonl", "plan.json", "specs", "x.tmp", "manifest.sha256"}) {
    CAPTURE(name);
    ScratchFolder const scratch;
    {
      auto const writer = BundleWriter::create(scratch / "out", test_plan(2));
      writer.append(test_record(writer.plan().tasks[0]), test_samples(3));
    }
    auto const at = scratch / "out.partial" / name, outside = scratch / "outside";
    std::filesystem::create_directories(outside);
    if (is_there(at))
      std::filesystem::rename(at, outside / name);
    else
      write_file(outside / name, "");
    auto const before = manifest_of(outside);
    std::filesystem::create_symlink(outside / name, at);
    auto const resume = [&] { BundleWriter::resume(scratch / "out", test_conditions()); };
    CHECK(fault_of(resume) == Fault::inconclusive);
    CHECK_THAT(what_of(resume), ContainsSubstring(at.string() + ": a bundle holds plain files"));
    CHECK(manifest_of(outside) == before);
  }
}
