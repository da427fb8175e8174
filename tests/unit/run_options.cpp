// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/run_options.hpp>

#include <catch2/catch_test_macros.hpp>

#include <initializer_list>
#include <vector>

using namespace inpex::host;

namespace {

int code_of(std::initializer_list<Status> all, std::vector<inpex::Fault> const& faults = {}) {
  std::vector<Record> records;
  for (auto const status : all) records.emplace_back().status = status;
  return exit_code_of(records, faults);
}

}  // namespace

TEST_CASE("the worst record decides the exit code: wrong, then failed, then skipped") {
  CHECK(code_of({Status::passed, Status::passed}) == 0);
  CHECK(code_of({Status::passed, Status::skipped}) == 6);
  CHECK(code_of({Status::skipped, Status::failed}) == 1);
  CHECK(code_of({Status::timeout, Status::passed}) == 1);
  CHECK(code_of({Status::failed, Status::wrong, Status::skipped}) == 4);
}

TEST_CASE("cases that were refused for what was asked are no failures, unless another one failed") {
  using inpex::Fault;
  CHECK(code_of({Status::passed, Status::failed}, {Fault::spec}) == 2);
  CHECK(code_of({Status::failed, Status::failed}, {Fault::spec, Fault::environment}) == 2);
  CHECK(code_of({Status::failed}, {Fault::environment}) == 3);
  CHECK(code_of({Status::failed, Status::failed}, {Fault::spec, Fault::failed}) == 1);
  CHECK(code_of({Status::failed, Status::timeout}, {Fault::spec}) == 1);
  CHECK(code_of({Status::failed, Status::wrong}, {Fault::spec}) == 4);
  CHECK(code_of({Status::failed}) == 1);
}
