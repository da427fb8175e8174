// SPDX-License-Identifier: Apache-2.0
// libFuzzer: whatever the bytes, the readers of records, plans, manifests, signatures, machines,
// calibrations and contracts accept them or throw an Error with a text; a record that was forged
// with all its hashes is judged without a crash; and so is a file of samples read in which some
// bytes are others, HDF5 included. The first byte chooses the reader.

#include <inpex/error.hpp>
#include <inpex/host/acceptance.hpp>
#include <inpex/host/calibration.hpp>
#include <inpex/host/machine_yaml.hpp>
#include <inpex/host/manifest.hpp>
#include <inpex/host/rule_fixtures.hpp>
#include <inpex/host/run_plan.hpp>
#include <inpex/host/samples_reader.hpp>
#include <inpex/host/signature.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace inpex::host;

namespace {

template <class Read>
void try_to(Read read) {
  try {
    read();
  } catch (inpex::Error const& error) {
    if (std::string(error.what()).empty()) std::abort();
  }
}

// Some bytes of a text replaced, three bytes of input for each.
std::string patched(std::string text, std::string const& patches) {
  for (std::size_t i = 0; i + 2 < patches.size(); i += 3) {
    auto const at =
        static_cast<unsigned char>(patches[i]) * 256U + static_cast<unsigned char>(patches[i + 1]);
    text[at % text.size()] = patches[i + 2];
  }
  return text;
}

// A sound file of samples with some of its bytes replaced.
void read_forged(std::string const& patches) {
  static auto const sound = sound_evidence();
  static auto const image = SampleWriter(sound.record.id).image(sound.samples);
  static_cast<void>(SampleReader(patched(image, patches), "fuzz").samples(sound.record.id));
}

// A sound record with some of its bytes replaced, its id made to fit.
void judge_forged(std::string const& patches) {
  static auto const sound = sound_evidence();
  auto const line = patched(json_text(sound.record), patches);
  auto record = from_json_text<Record>(line, "fuzz");
  record.id = content_id(record);
  auto const evidence = evidence_of(record, sound.samples, sound.spec, sound.min_seconds);
  static_cast<void>(breaches_in(evidence));
  static_cast<void>(why_not_eligible(evidence, "open"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  std::string const text(reinterpret_cast<char const*>(data) + 1, size - 1);
  switch (data[0]) {
  case 'r':
    try_to([&] { record_of_line(text, "fuzz"); });
    break;
  case 'p':
    try_to([&] { plan_of_text(text, "fuzz"); });
    break;
  case 'm':
    try_to([&] { listed_in(text, "fuzz"); });
    break;
  case 's':
    static_cast<void>(detail::is_armoured(text));
    break;
  case 'y':
    try_to([&] { read_machine(text, "fuzz.yaml"); });
    break;
  case 'k':
    try_to([&] { from_json_text<Calibration>(text, "fuzz"); });
    break;
  case 'c':
    try_to([&] { parse_contract(text, "fuzz.yaml"); });
    break;
  case 'h':
    try_to([&] { read_forged(text); });
    break;
  default:
    try_to([&] { judge_forged(text); });
  }
  return 0;
}
