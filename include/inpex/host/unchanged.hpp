// SPDX-License-Identifier: Apache-2.0
#pragma once
// What to do about a file of results that is not as inpex wrote it: the same words wherever that is
// found.

namespace inpex::host {

/// A hint of Error.
inline constexpr char take_unchanged[] = "take an unchanged copy, or run again";

/// The hint where a bundle was asked for and something else was named.
inline constexpr char name_a_bundle[] = "name a bundle: the folder that `inpex run` made";

}  // namespace inpex::host
