#include "bot/app/session_key.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string_view>

namespace broadsheet::app {
namespace {

constexpr const char* kName = "session.key";
constexpr std::size_t kDigits = 64;

std::string fresh_key(const Random& random) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < kDigits; ++i) out += kHex[random() & 15U];
  return out;
}

Error cannot(const std::string& file) {
  return {ErrorKind::not_allowed, file + " cannot be read or made: give its folder's owner the rights to write"};
}

}  // namespace

bool has_session_key(const std::string& data_dir) {
  std::error_code ec;
  return std::filesystem::exists(std::filesystem::path(data_dir) / kName, ec);
}

Result<config::Secret> session_key(const std::string& data_dir, const Random& random) {
  std::error_code ec;
  std::filesystem::create_directories(data_dir, ec);
  auto file = (std::filesystem::path(data_dir) / kName).string();
  int made = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (made >= 0) {
    auto key = fresh_key(random);
    bool written = write(made, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && fsync(made) == 0;
    close(made);
    if (!written) {
      unlink(file.c_str());
      return cannot(file);
    }
    return config::Secret(key);
  }
  std::ifstream in(file);
  std::string key;
  in >> key;
  if (key.size() < kDigits) return cannot(file);
  return config::Secret(key);
}

}  // namespace broadsheet::app
