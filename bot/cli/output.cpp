#include "bot/cli/output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>

namespace broadsheet::cli {
namespace {

namespace fs = std::filesystem;

Error cannot(const std::string& file, const std::string& why) {
  return {ErrorKind::unavailable,
          "cannot write " + file + " (" + why + "); check the folder, its rights and the free space"};
}

Status written(int fd, std::string_view content, const std::string& file) {
  while (!content.empty()) {
    auto n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return cannot(file, std::strerror(errno));
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

// A pipe, a device: nothing that could be replaced.
Status write_through(const std::string& file, std::string_view content) {
  int fd = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return cannot(file, std::strerror(errno));
  auto done = written(fd, content, file);
  if (::close(fd) != 0 && done) done = cannot(file, std::strerror(errno));
  return done;
}

}  // namespace

Status write_file(const std::string& file, std::string_view content, unsigned rights) {
  std::error_code ec;
  auto kind = fs::status(file, ec).type();
  bool absent = kind == fs::file_type::not_found;
  if (kind == fs::file_type::directory) return cannot(file, "it is a folder");
  if (!absent && kind != fs::file_type::regular) return write_through(file, content);
  auto target = absent ? fs::path(file) : fs::canonical(file, ec);  // a link stays one
  auto fresh = target.string() + ".XXXXXX";
  int fd = ::mkostemp(fresh.data(), O_CLOEXEC);
  if (fd < 0) return cannot(file, std::strerror(errno));
  struct stat before{};
  if (!absent && ::stat(target.c_str(), &before) == 0) rights &= before.st_mode & 0777U;
  auto done = written(fd, content, file);
  if (done && (::fchmod(fd, rights) != 0 || ::fsync(fd) != 0)) done = cannot(file, std::strerror(errno));
  if (::close(fd) != 0 && done) done = cannot(file, std::strerror(errno));
  if (done && ::rename(fresh.c_str(), target.c_str()) != 0) done = cannot(file, std::strerror(errno));
  if (!done) ::unlink(fresh.c_str());
  return done;
}

Status end_of_output() {
  errno = 0;
  std::cout.flush();
  if (std::cout) return {};
  auto why = errno;
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  bool reader_left = why == EPIPE || (::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0);
  if (reader_left) return {};
  return Error(ErrorKind::no_space, "standard output takes no more (" +
                                        std::string(std::strerror(why == 0 ? ENOSPC : why)) +
                                        "); what was printed is incomplete");
}

}  // namespace broadsheet::cli
