// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/samples_reader.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <sys/inotify.h>

#include <array>
#include <functional>
#include <string>
#include <vector>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string const record_id(64, 'a');

using Sizes = std::array<hsize_t, 2>;

// Anything that HDF5 makes, closed at the end.
Hdf5Handle table(hid_t parent, char const* name, Sizes const& shape, hid_t options = H5P_DEFAULT,
                 hid_t type = H5T_IEEE_F64LE) {
  Hdf5Handle const space(H5Screate_simple(2, shape.data(), nullptr), H5Sclose, "test");
  return {H5Dcreate2(parent, name, type, space, H5P_DEFAULT, options, H5P_DEFAULT), H5Dclose,
          "test"};
}

Hdf5Handle options() { return {H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "test"}; }

Hdf5Handle folder(hid_t parent, char const* name) {
  return {H5Gcreate2(parent, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose, "test"};
}

// A file outside of any bundle, with samples in it, that knows whether it was opened.
class Outside {
 public:
  Outside() {
    Hdf5Handle const file(H5Fcreate(path().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT),
                          H5Fclose, "test");
    Hdf5Handle const group = folder(file, "g");
    Hdf5Handle const time = table(group, "time", {4, 1});
    std::array<double, 4> const seconds{1, 2, 3, 4};
    H5Dwrite(time, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, seconds.data());
    H5Fflush(file, H5F_SCOPE_LOCAL);
  }
  ~Outside() {
    if (watch_ >= 0) ::close(watch_);
  }
  Outside(Outside const&) = delete;
  Outside& operator=(Outside const&) = delete;
  [[nodiscard]] std::string path() const { return (scratch_ / "outside.h5").string(); }
  [[nodiscard]] std::string inside() const { return (scratch_ / "inside.h5").string(); }
  void watch() {
    watch_ = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    REQUIRE(::inotify_add_watch(watch_, path().c_str(), IN_OPEN) >= 0);
  }
  [[nodiscard]] bool opened() const {
    std::array<char, 4096> events{};
    return ::read(watch_, events.data(), events.size()) > 0;
  }

 private:
  ScratchFolder scratch_;
  int watch_ = -1;
};

// What the reader says of a file that `make` fills.
std::string said_of(Outside& outside, std::function<void(hid_t)> const& make) {
  {
    Hdf5Handle const file(
        H5Fcreate(outside.inside().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose,
        "test");
    make(file);
  }
  outside.watch();
  auto const said = what_of(
      [&] { (void)SampleReader(read_file(outside.inside()), "case.h5").samples(record_id); });
  CHECK_FALSE(outside.opened());
  return said;
}

std::string said_of_record(std::function<void(hid_t)> const& make) {
  Outside outside;
  return said_of(outside, [&](hid_t file) {
    Hdf5Handle const record = folder(file, short_id(record_id).c_str());
    make(record);
  });
}

}  // namespace

TEST_CASE("the watch of these tests sees when a file is opened") {
  Outside outside;
  outside.watch();
  CHECK_FALSE(outside.opened());
  (void)read_file(outside.path());
  CHECK(outside.opened());
}

TEST_CASE("a link that leads out of the file, or round in it, is not followed") {
  Outside outside;
  auto const path = outside.path();
  CHECK_THAT(said_of(outside,
                     [&](hid_t file) {
                       H5Lcreate_external(path.c_str(), "/g", file, short_id(record_id).c_str(),
                                          H5P_DEFAULT, H5P_DEFAULT);
                     }),
             ContainsSubstring("'aaaaaaaaaaaa' is a link to somewhere else"));
  Outside second;
  auto const other = second.path();
  CHECK_THAT(said_of(second,
                     [&](hid_t file) {
                       Hdf5Handle const record = folder(file, short_id(record_id).c_str());
                       H5Lcreate_external(other.c_str(), "/g/time", record, "time", H5P_DEFAULT,
                                          H5P_DEFAULT);
                     }),
             ContainsSubstring("'time' is a link to somewhere else"));
  CHECK_THAT(said_of_record([](hid_t record) {
               Hdf5Handle const time = table(record, "time", {1, 1});
               Hdf5Handle const phases = folder(record, "phase");
               H5Lcreate_soft("/", phases, "loop", H5P_DEFAULT, H5P_DEFAULT);
             }),
             ContainsSubstring("'loop' is a link to somewhere else"));
}

TEST_CASE("samples that lie in another file are refused before it is opened") {
  Outside outside;
  auto const path = outside.path();
  CHECK_THAT(said_of(outside,
                     [&](hid_t file) {
                       Hdf5Handle const record = folder(file, short_id(record_id).c_str());
                       Hdf5Handle const made = options();
                       H5Pset_external(made, path.c_str(), 0, H5F_UNLIMITED);
                       Hdf5Handle const time = table(record, "time", {4, 1}, made);
                     }),
             ContainsSubstring("the samples of 'time' are in another file"));
}

TEST_CASE("a dataset that is put together of others is refused before these are opened") {
  for (bool const unlimited : {false, true}) {
    Outside outside;
    auto const path = outside.path();
    CHECK_THAT(said_of(outside,
                       [&](hid_t file) {
                         Hdf5Handle const record = folder(file, short_id(record_id).c_str());
                         Hdf5Handle const made = options();
                         Sizes const start{0, 0}, one{1, 1}, size{4, 1};
                         Sizes const most{unlimited ? H5S_UNLIMITED : 4, 1};
                         Sizes const count{unlimited ? H5S_UNLIMITED : 4, 1};
                         Hdf5Handle const space(H5Screate_simple(2, size.data(), most.data()),
                                                H5Sclose, "test");
                         if (unlimited)
                           H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), one.data(),
                                               count.data(), one.data());
                         H5Pset_virtual(made, space, path.c_str(), "/g/time", space);
                         Hdf5Handle const time(H5Dcreate2(record, "time", H5T_IEEE_F64LE, space,
                                                          H5P_DEFAULT, made, H5P_DEFAULT),
                                               H5Dclose, "test");
                       }),
               ContainsSubstring("the samples of 'time' are in another file"));
  }
}

TEST_CASE("filters and other types are refused") {
  CHECK_THAT(said_of_record([](hid_t record) {
               Hdf5Handle const made = options();
               Sizes const chunk{2, 1};
               H5Pset_chunk(made, 2, chunk.data()), H5Pset_shuffle(made);
               Hdf5Handle const time = table(record, "time", {4, 1}, made);
             }),
             ContainsSubstring("the samples of 'time' are packed"));
  CHECK_THAT(said_of_record([](hid_t record) {
               Hdf5Handle const time = table(record, "time", {4, 1}, H5P_DEFAULT, H5T_STD_I64LE);
             }),
             ContainsSubstring("'time' is not of float64"));
}

TEST_CASE("samples of no rank, and more samples than the file can hold, are refused at once") {
  for (Sizes const& shape : {Sizes{4, 0}, Sizes{60000000, 0}, Sizes{hsize_t{1} << 62U, 0}})
    CHECK_THAT(
        said_of_record([&](hid_t record) { Hdf5Handle const time = table(record, "time", shape); }),
        ContainsSubstring("'time' has samples of no rank"));
  for (Sizes const& shape : {Sizes{60000000, 1}, Sizes{1, hsize_t{1} << 40U}})
    CHECK_THAT(said_of_record([&](hid_t record) {
                 Hdf5Handle const made = options();  // chunks that were never written take no room
                 Sizes const chunk{1, 1};
                 H5Pset_chunk(made, 2, chunk.data());
                 Hdf5Handle const time = table(record, "time", shape, made);
               }),
               ContainsSubstring("'time' has more samples than the file can hold"));
}

TEST_CASE("one table under many names is not read again and again") {
  CHECK_THAT(said_of_record([](hid_t record) {
               Hdf5Handle const time = table(record, "time", {1000, 1});
               std::vector<double> const seconds(1000, 1.0);
               H5Dwrite(time, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, seconds.data());
               Hdf5Handle const phases = folder(record, "phase");
               for (auto const* name : {"a", "b", "c", "d"})
                 H5Lcreate_hard(record, "time", phases, name, H5P_DEFAULT, H5P_DEFAULT);
             }),
             ContainsSubstring("has more samples than the file can hold"));
}

TEST_CASE("compact and chunked tables of the file itself are read") {
  for (bool const chunked : {false, true})
    CHECK(said_of_record([&](hid_t record) {
            Hdf5Handle const made = options();
            Sizes const chunk{2, 1};
            if (chunked)
              H5Pset_chunk(made, 2, chunk.data());
            else
              H5Pset_layout(made, H5D_COMPACT);
            Hdf5Handle const time = table(record, "time", {4, 1}, made);
            std::array<double, 4> const seconds{1, 2, 3, 4};
            H5Dwrite(time, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, seconds.data());
          }) == "");
}
