// SPDX-License-Identifier: Apache-2.0
#pragma once
// Objects of the HDF5 library that close themselves, and its own messages kept off the terminal.

#include <inpex/error.hpp>

#include <hdf5.h>

#include <string>

namespace inpex::host {

/// An HDF5 object, closed at the end of its life.
class Hdf5Handle {
 public:
  /// `id` as a call of HDF5 returned it, `close` what ends it. Throws when the call failed.
  Hdf5Handle(hid_t id, herr_t (*close)(hid_t), std::string const& what) : id_(id), close_(close) {
    if (id_ < 0) throw Error(Fault::inconclusive, "HDF5 cannot " + what);
  }
  ~Hdf5Handle() { close_(id_); }
  Hdf5Handle(Hdf5Handle const&) = delete;
  Hdf5Handle& operator=(Hdf5Handle const&) = delete;
  operator hid_t() const { return id_; }  // NOLINT: it is passed to the C functions

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

/// Keeps HDF5 from printing its own stack of errors.
class QuietHdf5 {
 public:
  QuietHdf5() {
    H5Eget_auto2(H5E_DEFAULT, &print_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  ~QuietHdf5() { H5Eset_auto2(H5E_DEFAULT, print_, data_); }
  QuietHdf5(QuietHdf5 const&) = delete;
  QuietHdf5& operator=(QuietHdf5 const&) = delete;

 private:
  H5E_auto2_t print_ = nullptr;
  void* data_ = nullptr;
};

}  // namespace inpex::host
