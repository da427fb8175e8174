// SPDX-License-Identifier: Apache-2.0
#pragma once
// Raw samples, read from an HDF5 file of samples_file.hpp. The file may come from anybody, and HDF5
// can lead out of it: only hard links are followed, each looked at before it is, and only tables of
// float64 are read that lie in the file itself as they are, whole. The file is read from memory, so
// that no path in it is ever opened.

#include <inpex/error.hpp>
#include <inpex/host/bundle_file.hpp>
#include <inpex/host/hdf5.hpp>
#include <inpex/host/record_json.hpp>
#include <inpex/host/samples_file.hpp>
#include <inpex/host/unchanged.hpp>

#include <hdf5.h>

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {

/// Reads the samples of one record from a file's image.
class SampleReader {
 public:
  SampleReader(std::string bytes, std::string const& place)
      : place_(place), bytes_(std::move(bytes)), left_(bytes_.size() / sizeof(double)),
        access_(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "start"),
        file_((H5Pset_fapl_core(access_, 65536, 0),
               H5Pset_file_image(access_, bytes_.data(), bytes_.size()),
               H5Fopen(name_in_memory(this).c_str(), H5F_ACC_RDONLY, access_)),
              H5Fclose, "read " + place) {}

  /// Phases come sorted by name. Throws Error (inconclusive) for whatever is not as a run writes
  /// it.
  [[nodiscard]] Samples samples(std::string const& record_id) {
    Hdf5Handle const record = group(file_, short_id(record_id));
    Samples found{matrix(record, "time"), {}};
    for (auto& [name, values] : tables_in(record, "phase"))
      found.phases.push_back({name, std::move(values)});
    auto sources = tables_in(record, "power");
    if (sources.size() > 1) refuse("more than one counter of energy was read");
    for (auto& [name, values] : sources) found.energy = {name, std::move(values)};
    for (auto const& row : found.energy.readings)
      if (row.size() != 2) refuse("a reading of energy is a window and joules");
    return found;
  }

 private:
  QuietHdf5 quiet_;
  std::string place_;
  std::string bytes_;
  std::size_t left_;  // numbers that the file can still hold: no table is read twice
  Hdf5Handle access_, file_;

  using Named = std::pair<std::string, Matrix>;

  [[noreturn]] void refuse(std::string const& problem) const {
    throw Error(Fault::inconclusive, problem, place_, take_unchanged);
  }

  // The link itself, not what it leads to.
  void require_hard(hid_t parent, std::string const& name) const {
    H5L_info_t link{};
    if (H5Lget_info(parent, name.c_str(), &link, H5P_DEFAULT) < 0)
      refuse("HDF5 cannot find '" + name + "'");
    if (link.type != H5L_TYPE_HARD) refuse("'" + name + "' is a link to somewhere else");
  }

  [[nodiscard]] Hdf5Handle group(hid_t parent, std::string const& name) const {
    require_hard(parent, name);
    return {H5Gopen2(parent, name.c_str(), H5P_DEFAULT), H5Gclose,
            "read the group '" + name + "' in " + place_};
  }

  // Every table of a group that need not be there.
  [[nodiscard]] std::vector<Named> tables_in(hid_t parent, std::string const& name) {
    if (H5Lexists(parent, name.c_str(), H5P_DEFAULT) <= 0) return {};
    Hdf5Handle const folder = group(parent, name);
    std::vector<std::string> names;
    auto const take = [](hid_t, char const* each, H5L_info_t const*, void* all) -> herr_t {
      static_cast<std::vector<std::string>*>(all)->emplace_back(each);
      return 0;
    };
    hsize_t at = 0;
    if (H5Literate(folder, H5_INDEX_NAME, H5_ITER_INC, &at, take, &names) < 0)
      refuse("HDF5 cannot list '" + name + "'");
    std::vector<Named> tables;
    for (auto const& each : names) tables.emplace_back(each, matrix(folder, each));
    return tables;
  }

  // Before its extent is asked for: that of a virtual dataset opens the files it is made of.
  void require_own(hid_t data, std::string const& name) const {
    Hdf5Handle const made(H5Dget_create_plist(data), H5Pclose, "read '" + name + "' in " + place_);
    auto const layout = H5Pget_layout(made);
    bool const here = layout == H5D_CONTIGUOUS || layout == H5D_COMPACT || layout == H5D_CHUNKED;
    if (!here || H5Pget_external_count(made) != 0)
      refuse("the samples of '" + name + "' are in another file");
    // A filter may be a library that HDF5 would look for.
    if (H5Pget_nfilters(made) != 0) refuse("the samples of '" + name + "' are packed");
    Hdf5Handle const type(H5Dget_type(data), H5Tclose, "read '" + name + "' in " + place_);
    if (H5Tequal(type, H5T_IEEE_F64LE) <= 0) refuse("'" + name + "' is not of float64");
  }

  [[nodiscard]] Matrix matrix(hid_t parent, std::string const& name) {
    require_hard(parent, name);
    Hdf5Handle const data(H5Dopen2(parent, name.c_str(), H5P_DEFAULT), H5Dclose,
                          "find '" + name + "' in " + place_);
    require_own(data, name);
    Hdf5Handle const space(H5Dget_space(data), H5Sclose, "read '" + name + "' in " + place_);
    std::array<hsize_t, 2> shape{};
    if (H5Sget_simple_extent_ndims(space) != 2 ||
        H5Sget_simple_extent_dims(space, shape.data(), nullptr) != 2)
      refuse("'" + name + "' is not a table of samples");
    auto const [rows, ranks] = shape;
    if (rows > 0 && ranks == 0) refuse("'" + name + "' has samples of no rank");
    if (rows > 0 && rows > left_ / ranks)
      refuse("'" + name + "' has more samples than the file can hold");
    std::vector<double> flat(rows * ranks);
    left_ -= flat.size();
    if (!flat.empty() &&
        H5Dread(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, flat.data()) < 0)
      refuse("HDF5 cannot read '" + name + "'");
    Matrix values(rows);
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i].assign(flat.begin() + static_cast<std::ptrdiff_t>(i * ranks),
                       flat.begin() + static_cast<std::ptrdiff_t>((i + 1) * ranks));
    return values;
  }
};

/// The samples of a record, from its file; they must have the digest that the record states.
/// `bundle` is the folder. A record without a file has none. Throws Error (inconclusive).
inline Samples read_samples(std::filesystem::path const& bundle, Record const& record) {
  if (record.timing.file.empty()) return {};
  auto const path = bundle / record.timing.file;
  auto found =
      SampleReader(read_bundle_file(bundle, record.timing.file), path.string()).samples(record.id);
  if (samples_digest(found) != record.timing.samples_digest)
    throw Error(Fault::inconclusive, "the samples are not those of record " + short_id(record.id),
                path.string(), take_unchanged);
  return found;
}

}  // namespace inpex::host
