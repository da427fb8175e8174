// SPDX-License-Identifier: Apache-2.0
#pragma once
// The signature of a bundle's manifest, made with `ssh-keygen -Y sign -n inpex`. ssh-keygen checks
// it; whom to trust is in a file of allowed signers, which the reader brings along.

#include <inpex/error.hpp>
#include <inpex/host/bundle_file.hpp>
#include <inpex/host/children.hpp>
#include <inpex/host/durable.hpp>
#include <inpex/host/manifest.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inpex::host {

/// Whom to trust. Without `allowed_signers` only the signature itself is checked, not its maker;
/// without `identity` its maker may be anyone in that file.
struct Trust {
  std::string allowed_signers;  ///< file, as ssh-keygen(1) describes under ALLOWED SIGNERS
  std::string identity;         ///< name in that file
};

/// Throws Error (command) for a name without a file that it could stand in.
inline void require_file_of_signers(Trust const& trust) {
  if (trust.allowed_signers.empty() && !trust.identity.empty())
    throw Error(Fault::command, "a signer is a name in a file of allowed signers", "--identity",
                "name the file with --signers");
}

/// What was found: `trouble` is empty where the signature holds.
struct SignatureCheck {
  std::string said;  ///< for a person
  std::string trouble;
  std::string signer = {};  ///< the name in the file of allowed signers; "" for nobody known
  std::string key = {};     ///< fingerprint of the key that signed, where its signer is known
};

namespace detail {

/// Whether the text is a signature exactly as ssh-keygen writes it: nothing in it may be changed
/// without notice, not even a blank that its reader would skip.
inline bool is_armoured(std::string_view text) {
  constexpr std::string_view begin = "-----BEGIN SSH SIGNATURE-----\n";
  constexpr std::string_view end = "-----END SSH SIGNATURE-----\n";
  if (text.size() < begin.size() + end.size() || text.substr(0, begin.size()) != begin ||
      text.substr(text.size() - end.size()) != end)
    return false;
  auto body = text.substr(begin.size(), text.size() - begin.size() - end.size());
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string all;
  while (!body.empty()) {
    auto const line = body.substr(0, body.find('\n'));
    bool const last = line.size() + 1 >= body.size();
    if (body.find('\n') == std::string_view::npos || line.empty() || (!last && line.size() != 70) ||
        line.size() > 70)
      return false;
    all += line;
    body.remove_prefix(line.size() + 1);
  }
  auto const kept = all.find_last_not_of('=');
  if (kept == std::string::npos || all.size() % 4 != 0 || all.size() - kept > 3) return false;
  if (all.find_first_not_of(digits) < kept) return false;
  // The bits that padding leaves over must be 0.
  auto const spare = digits.find(all[kept]);
  auto const padding = all.size() - kept - 1;
  return padding == 0 || (spare & (padding == 1 ? 3U : 15U)) == 0;
}

inline ChildEnd ssh_keygen(std::vector<std::string> words, std::filesystem::path const& input,
                           bool with_errors = true) {
  return in_child(
      [&]() -> std::string {
        if (!with_errors) ::dup2(::open("/dev/null", O_WRONLY), STDERR_FILENO);
        int const file = ::open(input.c_str(), O_RDONLY);
        if (file < 0 || ::dup2(file, STDIN_FILENO) < 0)
          throw Error(Fault::environment, "the manifest cannot be read", input.string());
        std::vector<char*> arguments;
        for (auto& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        ::execvp(arguments.front(), arguments.data());
        throw Error(Fault::environment, "ssh-keygen cannot be started", "", "install OpenSSH");
      },
      30);
}

}  // namespace detail

namespace detail {

/// Names, with commas and line ends between them.
inline void add_names(std::string_view text, std::vector<std::string>& names) {
  std::string name;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    char const c = i < text.size() ? text[i] : '\n';
    bool const inside = c != ',' && c != '\n' && c != '\r' && c != '"';
    if (inside) name += c;
    if (!inside && !name.empty()) names.push_back(std::exchange(name, {}));
  }
}

/// Who may have made a signature: first the names by which ssh-keygen knows the key, which are of
/// the first entry that has it, whatever that is good for; then all in the file.
inline std::vector<std::string> signers_in(std::string const& file,
                                           std::filesystem::path const& signature,
                                           std::filesystem::path const& manifest) {
  std::vector<std::string> names;
  auto const end =
      ssh_keygen({"ssh-keygen", "-Y", "find-principals", "-f", file, "-s", signature.string()},
                 manifest, false);
  if (!end.well()) return names;
  add_names(end.said, names);
  std::istringstream lines(read_file(file));
  for (std::string line; std::getline(lines, line);)
    if (!line.empty() && line.front() != '#') add_names(line.substr(0, line.find(' ')), names);
  return names;
}

/// The fingerprint in what ssh-keygen says of a good signature: "... with ED25519 key SHA256:...".
inline std::string key_in(std::string const& said) {
  auto const at = said.rfind(" key ");
  return at == std::string::npos ? "" : said.substr(at + 5);
}

inline ChildEnd verify_signature(Trust const& trust, std::string const& signer,
                                 std::filesystem::path const& signature,
                                 std::filesystem::path const& manifest) {
  return ssh_keygen({"ssh-keygen", "-Y", "verify", "-f", trust.allowed_signers, "-I", signer, "-n",
                     "inpex", "-s", signature.string()},
                    manifest);
}

/// The first line of what a program said.
inline std::string without_rest(std::string const& text) {
  return text.substr(0, text.find_first_of("\r\n"));
}

}  // namespace detail

/// Checks the signature of a bundle's manifest. One that is asked for by `trust` must be there.
inline SignatureCheck check_signature(std::filesystem::path const& bundle, Trust const& trust) {
  auto const signature = bundle / signature_name, manifest = bundle / manifest_name;
  bool const known = !trust.allowed_signers.empty();
  if (!is_there(signature))
    return {"the bundle is not signed",
            known ? "it is not signed: `ssh-keygen -Y sign -n inpex -f KEY " + manifest.string() +
                        "` signs it"
                  : ""};
  try {  // ssh-keygen would follow a link, or wait for a FIFO
    if (!detail::is_armoured(read_bundle_file(bundle, signature_name)))
      return {"", "the signature is not as ssh-keygen writes it"};
    read_bundle_file(bundle, manifest_name);
  } catch (Error const& error) {
    return {"", "the signature cannot be checked: " + error.where + ": " + error.problem};
  }
  auto const refused = [](ChildEnd const& end) {
    auto const said = detail::without_rest(end.said);
    bool const of_other_use = end.said.find("namespace") != std::string::npos;
    return SignatureCheck{"",
                          "the signature does not hold: " + (said.empty() ? end.reason() : said) +
                              (of_other_use ? "; sign it with -n inpex" : "")};
  };
  if (!known) {
    auto const end = detail::ssh_keygen(
        {"ssh-keygen", "-Y", "check-novalidate", "-n", "inpex", "-s", signature.string()},
        manifest);
    if (!end.well()) return refused(end);
    return {detail::without_rest(end.said) + "; its maker was not checked: name --signers", ""};
  }
  std::vector<std::string> names{trust.identity};
  if (trust.identity.empty())
    names = detail::signers_in(trust.allowed_signers, signature, manifest);
  SignatureCheck found{"", "the signature is of no key in " + trust.allowed_signers};
  for (auto const& name : names) {
    auto const end = detail::verify_signature(trust, name, signature, manifest);
    auto const said = detail::without_rest(end.said);
    if (end.well()) return {said, "", name, detail::key_in(said)};
    found = refused(end);
  }
  if (trust.identity.empty()) return found;
  auto const others = detail::signers_in(trust.allowed_signers, signature, manifest);
  for (auto const& name : others)
    if (detail::verify_signature(trust, name, signature, manifest).well())
      return {"", "it is signed by " + name + ", not by " + trust.identity};
  return found;
}

}  // namespace inpex::host
