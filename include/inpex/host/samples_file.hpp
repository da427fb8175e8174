// SPDX-License-Identifier: Apache-2.0
#pragma once
// Raw samples as an HDF5 file: /<record>/time[sample, rank] and /<record>/phase/<name>[sample,
// rank], float64 seconds, and where a counter of energy was read /<record>/power/<source>[sample,
// 2], seconds and joules; with the units and the record's id as attributes. The file is made in
// memory, so that only durable.hpp touches the disk, and a full one cannot confuse HDF5. The same
// samples give the same bytes. samples_reader.hpp reads them.

#include <inpex/error.hpp>
#include <inpex/host/hdf5.hpp>
#include <inpex/host/record_json.hpp>

#include <fmt/format.h>
#include <hdf5.h>

#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace inpex::host {

/// A name for a file in memory: HDF5 takes two open files of one name for the same file.
inline std::string name_in_memory(void const* owner) { return fmt::format("samples-{}", owner); }

/// Makes the image of one record's sample file.
class SampleWriter {
 public:
  explicit SampleWriter(std::string record_id)
      : record_id_(std::move(record_id)), access_(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "start"),
        file_((H5Pset_fapl_core(access_, 65536, 0),
               H5Fcreate(name_in_memory(this).c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access_)),
              H5Fclose, "make a file in memory"),
        record_(new_group(file_, short_id(record_id_))) {}

  /// The bytes of the file. Throws Error (failed) for samples that are no rectangle.
  std::string image(Samples const& samples) {
    dataset(record_, "time", samples.time, seconds_of_ranks);
    if (!samples.phases.empty()) {
      Hdf5Handle const phases = new_group(record_, "phase");
      for (auto const& phase : samples.phases)
        dataset(phases, phase.name, phase.time, seconds_of_ranks);
    }
    if (!samples.energy.readings.empty()) {
      Hdf5Handle const power = new_group(record_, "power");
      dataset(power, samples.energy.source, samples.energy.readings, window_and_joules);
    }
    ok(H5Fflush(file_, H5F_SCOPE_LOCAL));
    auto const size = H5Fget_file_image(file_, nullptr, 0);
    ok(size > 0 ? 0 : -1);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    ok(H5Fget_file_image(file_, bytes.data(), bytes.size()) == size ? 0 : -1);
    return bytes;
  }

 private:
  struct Meaning {
    char const *units, *dimensions;
  };
  static constexpr Meaning seconds_of_ranks{"s", "sample, rank"};
  static constexpr Meaning window_and_joules{"s, J", "sample, window and gross energy"};

  QuietHdf5 quiet_;
  std::string record_id_;
  Hdf5Handle access_, file_, record_;

  static void ok(herr_t status) {
    if (status < 0) throw Error(Fault::failed, "HDF5 cannot make the file of samples");
  }
  static Hdf5Handle new_group(hid_t parent, std::string const& name) {
    return {H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose,
            "make the group '" + name + "'"};
  }

  void dataset(hid_t parent, std::string const& name, Matrix const& matrix,
               Meaning const& meaning) const {
    if (name.empty() || name.find('/') != std::string::npos || name == ".")
      throw Error(Fault::failed, "a phase cannot have the name '" + name + "'");
    auto const ranks = matrix.empty() ? 0 : matrix.front().size();
    std::vector<double> flat;
    for (auto const& row : matrix) {
      if (row.size() != ranks)
        throw Error(Fault::failed, "'" + name + "' has samples of different numbers of ranks");
      flat.insert(flat.end(), row.begin(), row.end());
    }
    std::array<hsize_t, 2> const shape{matrix.size(), ranks};
    Hdf5Handle const space(H5Screate_simple(2, shape.data(), nullptr), H5Sclose, "shape a dataset");
    Hdf5Handle const options(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "start");
    ok(H5Pset_obj_track_times(options, false));  // a time would make equal samples unequal files
    Hdf5Handle const data(
        H5Dcreate2(parent, name.c_str(), H5T_IEEE_F64LE, space, H5P_DEFAULT, options, H5P_DEFAULT),
        H5Dclose, "make the dataset '" + name + "'");
    if (!flat.empty())
      ok(H5Dwrite(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, flat.data()));
    attribute(data, "units", meaning.units);
    attribute(data, "dimensions", meaning.dimensions);
    attribute(data, "record", record_id_);
  }

  static void attribute(hid_t data, char const* name, std::string const& text) {
    Hdf5Handle const type(H5Tcopy(H5T_C_S1), H5Tclose, "start");
    ok(H5Tset_size(type, text.size()));
    ok(H5Tset_cset(type, H5T_CSET_UTF8));
    Hdf5Handle const space(H5Screate(H5S_SCALAR), H5Sclose, "start");
    Hdf5Handle const written(H5Acreate2(data, name, type, space, H5P_DEFAULT, H5P_DEFAULT),
                             H5Aclose, "make an attribute");
    ok(H5Awrite(written, type, text.data()));
  }
};

}  // namespace inpex::host
