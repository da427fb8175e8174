// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/run_options.hpp>

#include <catch2/catch_test_macros.hpp>

#include <initializer_list>
#include <vector>

using namespace inpex::host;

namespace {

int code_of(std::initializer_list<Status> all) {
  std::vector<Record> records;
  for (auto const status : all) records.emplace_back().status = status;
  return exit_code_of(records);
}

}  // namespace

TEST_CASE("the worst record decides the exit code: wrong, then failed, then skipped") {
  CHECK(code_of({Status::passed, Status::passed}) == 0);
  CHECK(code_of({Status::passed, Status::skipped}) == 6);
  CHECK(code_of({Status::skipped, Status::failed}) == 1);
  CHECK(code_of({Status::timeout, Status::passed}) == 1);
  CHECK(code_of({Status::failed, Status::wrong, Status::skipped}) == 4);
}
