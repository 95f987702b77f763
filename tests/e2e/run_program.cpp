#include "tests/e2e/run_program.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace broadsheet::e2e {
namespace {

std::string slurp(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void redirect(const std::string& file, int flags, int target) {
  int fd = open(file.c_str(), flags, 0600);
  if (fd < 0 || dup2(fd, target) < 0) _exit(126);
  close(fd);
}

}  // namespace

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "broadsheet-e2e-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void Folder::write(const std::string& name, const std::string& content) const {
  std::ofstream(path_ + "/" + name, std::ios::binary) << content;
}

std::string Folder::read(const std::string& name) const {
  return slurp(path_ + "/" + name);
}

namespace {

// Starts the program in the folder with its streams in files named after `name`.
pid_t start(const Folder& folder, const std::vector<std::string>& arguments, const std::string& name) {
  std::vector<std::string> words{BROADSHEET_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_t child = fork();
  if (child != 0) return child;
  if (chdir(folder.path().c_str()) != 0) _exit(126);
  redirect(name + ".in", O_RDONLY | O_CREAT, STDIN_FILENO);
  redirect(name + ".out", O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
  redirect(name + ".err", O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
  execv(argv[0], argv.data());
  _exit(127);
}

int end_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

Child::Child(const Folder& folder, const std::vector<std::string>& arguments) : folder_(folder) {
  static int number = 0;
  name_ = ".child" + std::to_string(++number);
  pid_ = start(folder, arguments, name_);
}

Child::~Child() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  wait();
}

void Child::signal(int number) const {
  if (int pid = pid_; pid > 0) kill(pid, number);
}

int Child::wait() {
  auto status = end_of(pid_);
  pid_ = -1;
  return status;
}

std::string Child::out() const {
  return folder_.read(name_ + ".out");
}

std::string Child::err() const {
  return folder_.read(name_ + ".err");
}

bool Child::says(const std::string& text, std::chrono::seconds guard) const {
  auto end = std::chrono::steady_clock::now() + guard;
  while (err().find(text) == std::string::npos) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

Page get(std::uint16_t port, const std::string& target) {
  return answer_to(port, "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
}

Page post(std::uint16_t port, const std::string& target, const std::string& json, const std::string& headers) {
  return answer_to(port, "POST " + target +
                             " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
                             "application/json\r\n" +
                             headers + "Content-Length: " + std::to_string(json.size()) + "\r\n\r\n" + json);
}

Page answer_to(std::uint16_t port, const std::string& request) {
  namespace asio = boost::asio;
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  boost::system::error_code ec;
  socket.connect({asio::ip::address_v4::loopback(), port}, ec);
  if (ec) return {};
  asio::write(socket, asio::buffer(request), ec);
  std::string answer;
  asio::read(socket, asio::dynamic_buffer(answer), ec);
  Page out;
  if (answer.size() > 12) out.status = std::atoi(answer.c_str() + 9);
  if (auto at = answer.find("\r\n\r\n"); at != std::string::npos) out.body = answer.substr(at + 4);
  return out;
}

std::uint16_t free_port() {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor acceptor(io, {boost::asio::ip::address_v4::loopback(), 0});
  return acceptor.local_endpoint().port();
}

Ran run_program(const Folder& folder, const std::vector<std::string>& arguments, const std::string& input) {
  folder.write(".run.in", input);
  Ran ran;
  ran.status = end_of(start(folder, arguments, ".run"));
  ran.out = folder.read(".run.out");
  ran.err = folder.read(".run.err");
  return ran;
}

}  // namespace broadsheet::e2e
