// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/record_json.hpp>
#include <inpex/host/sha256.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::EndsWith;

namespace {

std::string const place = "records.jsonl:3";

Record whole_record() {
  auto record = test_record(test_plan(1).tasks[0]);
  record.created = "2026-11-22T18:00:00Z";
  record.verify = {{"exact", "max_abs_error", 7.8e-16, 7.8e-16, 8.8e-14, true}};
  record.quality.guards = {{"clock-changed", "the clock changed by 7 %", "warning"}};
  record.platform.caches = {{1, "data", 32768, 2, std::nullopt}};
  record.software.libraries = {{"hdf5", std::string("1.10.8"), {}}};
  record.software.dirty = false;
  record.provenance.command = {"inpex", "run", "", "a \"quoted\"\nline"};
  record.id = content_id(record);
  return record;
}

// Every field by its path: "timing.quantiles.p". Lists of groups are entered.
template <Group T>
void list_fields(std::string const& path, std::vector<std::string>& all) {
  auto const list_one = [&]<class Member>(NamedMember<T, Member> const& f) {
    auto const name = path + std::string(f.name);
    if constexpr (Group<Member>)
      list_fields<Member>(name + ".", all);
    else if constexpr (requires { requires Group<typename Member::value_type>; })
      list_fields<typename Member::value_type>(name + ".", all);
    else
      all.push_back(name);
  };
  std::apply([&](auto const&... f) { (list_one(f), ...); }, T::fields());
}

}  // namespace

TEST_CASE("SHA-256 of the empty text and of abc are those of FIPS 180-2") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(Sha256{}.add("a").add("bc").hex() ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a record is one line that reads back to the same line") {
  auto const line = json_text(whole_record());
  CHECK(line.find('\n') == std::string::npos);
  CHECK(json_text(record_of_line(line, place)) == line);
}

TEST_CASE("keys come in the order of the groups, and what is unknown is left out") {
  auto const line = json_text(whole_record());
  CHECK_THAT(line, Catch::Matchers::StartsWith("{\"inpex_record\":\"1.0\",\"id\":\""));
  CHECK(line.find("\"spec\":") < line.find("\"fom\":"));
  CHECK(line.find("\"verify\":") < line.find("\"platform\":"));
  for (auto const* absent :
       {"\"reason\"", "\"energy\"", "\"phases\"", "\"median\"", "\"shared\"", "null"})
    CHECK(line.find(absent) == std::string::npos);
  CHECK_THAT(line, ContainsSubstring("\"dirty\":false"));  // false is known
}

TEST_CASE("every double reads back to the same bits") {
  std::mt19937_64 bits(1);
  for (int i = 0; i < 20000; ++i) {
    auto const pattern = bits();
    double value = 0, back = 0;
    std::memcpy(&value, &pattern, sizeof value);
    if (std::isnan(value)) continue;  // a NaN's payload is not kept
    auto const text = "{\"p\":0.5,\"value\":" + json_text(value) + "}";
    back = from_json_text<Quantile>(text, place).value;
    CHECK(std::memcmp(&back, &value, sizeof value) == 0);
  }
}

TEST_CASE("a number is the shortest text, and a real stays a real") {
  CHECK(json_text(0.1) == "0.1");
  CHECK(json_text(1.0) == "1.0");
  CHECK(json_text(-0.0) == "-0.0");
  CHECK(json_text(1e22) == "1e+22");
  CHECK(json_text(std::int64_t{1}) == "1");
}

TEST_CASE("NaN and the infinities of a wrong result are kept as texts") {
  auto record = whole_record();
  record.verify[0].value = std::numeric_limits<double>::quiet_NaN();
  record.verify[0].error = std::numeric_limits<double>::infinity();
  record.id = content_id(record);
  auto const back = record_of_line(json_text(record), place);
  CHECK(std::isnan(back.verify[0].value));
  CHECK(back.verify[0].error == std::numeric_limits<double>::infinity());
}

TEST_CASE("parameters keep their types and order") {
  auto record = whole_record();
  record.spec.parameters = {{"b", true, {}},
                            {"a", 2.0, {}},
                            {"text", std::string("tile"), {}},
                            {"ints", std::vector<std::int64_t>{1, 2}, {}},
                            {"reals", std::vector<double>{1, 2.5}, {}}};
  record.id = content_id(record);
  CHECK(record_of_line(json_text(record), place).spec.parameters == record.spec.parameters);
}

TEST_CASE("the id is that of the content, whatever the time") {
  auto record = whole_record();
  auto const id = record.id;
  record.created = "2027-01-01T00:00:00Z";
  CHECK(content_id(record) == id);
  record.timing.steps = 21;
  CHECK(content_id(record) != id);
}

TEST_CASE("no byte of a record can be changed unseen") {
  auto const line = json_text(whole_record());
  auto const created = line.find("\"created\":\"") + 11;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (i >= created && i < created + 20) continue;  // the time is not content
    auto changed = line;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK(fault_of([&] { record_of_line(changed, place); }) == Fault::inconclusive);
  }
  for (auto const& changed : {line + " ", " " + line, line.substr(0, line.size() - 1), line + line,
                              "{\"kind\":\"measured\"," + line.substr(1)})
    CHECK(fault_of([&] { record_of_line(changed, place); }) == Fault::inconclusive);
}

TEST_CASE("a wrong line is refused with its place, the field and the right word") {
  auto const said = [](std::string const& text) {
    return what_of([&] { from_json_text<Record>(text, place); });
  };
  CHECK_THAT(said("{\"kidn\":1}"), ContainsSubstring("records.jsonl:3: unknown field 'kidn'") &&
                                       ContainsSubstring("did you mean 'kind'?"));
  std::string const begin = "{\"kind\":\"measured\",\"status\":\"passed\",";
  CHECK_THAT(said("{\"kind\":\"measurd\",\"status\":\"passed\"}"),
             ContainsSubstring("did you mean 'measured'?"));
  CHECK_THAT(said("{\"kind\":\"measured\"}"), ContainsSubstring("'status' is missing"));
  CHECK_THAT(said(begin + "\"timing\":{\"median\":\"1\"}}"),
             ContainsSubstring("'timing.median' must be a number"));
  CHECK_THAT(said(begin + "\"verify\":[{\"value\":1}]}"),
             ContainsSubstring("'verify[0].error' is missing"));
  CHECK_THAT(said(begin + "\"spec\":{\"id\":\"\"}}"), ContainsSubstring("'spec.id' is empty"));
  CHECK_THAT(said(begin + "\"timing\":{\"steps\":1.5}}"),
             ContainsSubstring("'timing.steps' must be a whole number"));
  CHECK_THAT(said(begin + "\"timing\":{\"steps\":18446744073709551615}}"),
             ContainsSubstring("above 2^63-1"));
  CHECK_THAT(said(begin + "\"timing\":{\"median\":1e999}}"), ContainsSubstring("no machine"));
  CHECK_THAT(said("[1]"), ContainsSubstring("must be an object, but is of type array"));
  CHECK_THAT(said("{\"kind\":"), ContainsSubstring("is not JSON from byte 9 on"));
  CHECK_THAT(said("{\"kind\":\"\xff\"}"), ContainsSubstring("is not JSON"));
}

TEST_CASE("whatever is wrong with a record's line, its last line says what to do") {
  auto const line = json_text(whole_record());
  auto other = line;
  other.replace(other.find("\"created\""), 9, "\"created\" ");
  auto changed = whole_record();
  changed.timing.steps = 21;
  auto unnamed = whole_record();
  unnamed.spec.case_name.clear();
  std::string const deep(100, '[');
  for (auto const& text :
       {std::string("root:x:0:0"), std::string(), line.substr(0, 99), line + " ", other, deep,
        json_text(changed), json_text(unnamed), std::string("[1]"), std::string("{}"),
        "{\"kind\":1," + line.substr(1), std::string("{\"kind\":1e999}")}) {
    INFO(text.substr(0, 40));
    CHECK_THAT(what_of([&] { record_of_line(text, place); }),
               EndsWith("\n  take an unchanged copy, or run again"));
  }
}

TEST_CASE("a hostile depth of brackets is an error, not a crash") {
  std::string const deep(100000, '[');
  CHECK(fault_of([&] { from_json_text<Record>(deep, place); }) == Fault::inconclusive);
}

TEST_CASE("a record that did not pass must say why") {
  auto record = whole_record();
  record.status = Status::timeout;
  record.id = content_id(record);
  CHECK_THAT(what_of([&] { record_of_line(json_text(record), place); }),
             ContainsSubstring("'reason' is missing, but the status is timeout"));
}

TEST_CASE("a record of another format is refused by its number") {
  auto record = whole_record();
  record.inpex_record = "2.0";
  record.id = content_id(record);
  CHECK_THAT(what_of([&] { record_of_line(json_text(record), place); }),
             ContainsSubstring("format '2.0'") && ContainsSubstring("reads format 1.0"));
}

TEST_CASE("docs/record.md explains every field of a record") {
  std::vector<std::string> all;
  list_fields<Record>("", all);
  auto const file =
      std::filesystem::path(__FILE__).parent_path().parent_path().parent_path() / "docs/record.md";
  auto const text = read_file(file);
  for (auto const& name : all) {
    INFO(name);
    CHECK_THAT(text, ContainsSubstring("| `" + name + "` |"));
  }
  CHECK(all.size() > 100);
}
