// SPDX-License-Identifier: Apache-2.0
#include <inpex/host/signature.hpp>

#include "bundle_fixture.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <string>

using namespace inpex;
using namespace inpex::host;
using Catch::Matchers::ContainsSubstring;

namespace {

// A folder with a manifest that a fresh key has signed; nothing where there is no ssh-keygen.
struct Signed {
  ScratchFolder folder;
  bool made = false;
  Signed() {
    write_file(folder / "manifest.sha256", "a hash  a name\n");
    auto const key = (folder / "key").string(), text = (folder / "manifest.sha256").string();
    made =
        std::system(("ssh-keygen -q -t ed25519 -N '' -f " + key + " && ssh-keygen -q -Y sign -f " +
                     key + " -n inpex " + text + " 2>/dev/null")
                        .c_str()) == 0;
    if (made) write_file(folder / "signers", "me " + read_file(folder / "key.pub"));
  }
  SignatureCheck check(Trust const& trust = {}) const {
    return check_signature(folder / "", trust);
  }
  Trust trust(std::string const& name) const { return {(folder / "signers").string(), name}; }
};

}  // namespace

TEST_CASE("a signature of an allowed signer holds; another name or text does not") {
  Signed const bundle;
  if (!bundle.made) SKIP("there is no ssh-keygen");
  CHECK(bundle.check().trouble.empty());
  CHECK_THAT(bundle.check().said, ContainsSubstring("its maker was not checked"));
  CHECK(bundle.check(bundle.trust("me")).trouble.empty());
  CHECK(bundle.check(bundle.trust("me")).signer == "me");
  CHECK(bundle.check().signer.empty());
  CHECK(bundle.check(bundle.trust("you")).trouble == "it is signed by me, not by you");
  write_file(bundle.folder / "manifest.sha256", "another hash  a name\n");
  CHECK_THAT(bundle.check().trouble, ContainsSubstring("does not hold"));
}

TEST_CASE("whose key it is follows from the file of signers; a key that is not there is nobody's") {
  Signed const bundle;
  if (!bundle.made) SKIP("there is no ssh-keygen");
  CHECK(bundle.check(bundle.trust("")).signer == "me");
  CHECK(bundle.check(bundle.trust("")).key.rfind("SHA256:", 0) == 0);
  Signed const other;
  auto const found = bundle.check(other.trust(""));
  CHECK(found.signer.empty());
  CHECK_THAT(found.trouble, ContainsSubstring("is of no key in "));
}

TEST_CASE(
    "entries that are expired or for something else name nobody, and those behind them count") {
  Signed const bundle;
  if (!bundle.made) SKIP("there is no ssh-keygen");
  auto const file = bundle.folder / "signers";
  auto const key = read_file(bundle.folder / "key.pub");
  auto const with = [&](std::string const& lines) {
    write_file(file, lines);
    return bundle.check(bundle.trust(""));
  };
  CHECK(with("old valid-before=\"20200101\" " + key + "new " + key).signer == "new");
  CHECK(with("git namespaces=\"git\" " + key + "me " + key).signer == "me");
  CHECK(with("# nobody\nme,myself " + key).signer == "me");
  auto const expired = with("old valid-before=\"20200101\" " + key);
  CHECK(expired.signer.empty());
  CHECK_FALSE(expired.trouble.empty());
}

TEST_CASE("a signer without a file of signers is refused") {
  CHECK_NOTHROW(require_file_of_signers({}));
  CHECK_THROWS_AS(require_file_of_signers({"", "me"}), Error);
}

TEST_CASE("no byte of a signature can be changed without notice") {
  Signed const bundle;
  if (!bundle.made) SKIP("there is no ssh-keygen");
  auto const file = bundle.folder / "manifest.sha256.sig";
  auto const text = read_file(file);
  CHECK(host::detail::is_armoured(text));
  for (auto const& damaged :
       {text + "\n", " " + text, text.substr(0, text.size() - 1),
        std::string(text).insert(100, " "), std::string(text).insert(100, "\n")})
    CHECK_FALSE(host::detail::is_armoured(damaged));
  for (std::size_t at = 40; at < text.size() - 40; at += 29) {
    auto damaged = text;
    damaged[at] = damaged[at] == 'A' ? 'B' : 'A';
    write_file(file, damaged);
    CHECK_FALSE(bundle.check().trouble.empty());
  }
}

TEST_CASE("a signature that is asked for must be there") {
  ScratchFolder const folder;
  write_file(folder / "manifest.sha256", "a hash  a name\n");
  CHECK(check_signature(folder / "", {}).trouble.empty());
  CHECK_THAT(check_signature(folder / "", {"signers", "me"}).trouble,
             ContainsSubstring("it is not signed"));
}

TEST_CASE("neither a link nor a FIFO is given to ssh-keygen, as a signature or as what it signs") {
  Signed const bundle;
  if (!bundle.made) SKIP("there is no ssh-keygen");
  for (auto const* name : {"manifest.sha256", "manifest.sha256.sig"}) {
    CAPTURE(name);
    auto const file = bundle.folder / name, kept = bundle.folder / "kept";
    std::filesystem::rename(file, kept);
    std::filesystem::create_symlink(kept, file);
    CHECK_THAT(bundle.check().trouble,
               ContainsSubstring("cannot be checked") && ContainsSubstring(name));
    std::filesystem::remove(file);
    REQUIRE(::mkfifo(file.c_str(), 0600) == 0);
    CHECK_THAT(bundle.check().trouble,
               ContainsSubstring("cannot be checked") && ContainsSubstring(name));
    std::filesystem::rename(kept, file);
  }
  CHECK(bundle.check().trouble.empty());
}
