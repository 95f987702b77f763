// Runs the built program as a user would, in a throw-away folder.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace broadsheet::e2e {

struct Ran {
  int status = -1;  // exit status; -1 when it was killed
  std::string out, err;
};

// A temporary folder that goes away with the object.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }
  void write(const std::string& name, const std::string& content) const;
  std::string read(const std::string& name) const;

 private:
  std::string path_;
};

// The program running beside the test; killed when the object goes.
class Child {
 public:
  Child(const Folder& folder, const std::vector<std::string>& arguments);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void signal(int number) const;
  // Its exit status, or -1 when a signal ended it.
  int wait();
  // What it wrote so far.
  std::string out() const;
  std::string err() const;
  // Waits until standard error has the text; false after `guard`.
  bool says(const std::string& text, std::chrono::seconds guard) const;

 private:
  const Folder& folder_;
  std::string name_;
  std::atomic<int> pid_ = -1;  // fakes signal from their threads
};

// GET over loopback: status and body; status 0 when it cannot be reached.
struct Page {
  int status = 0;
  std::string body;
};
Page get(std::uint16_t port, const std::string& target);
// POST of JSON; each of `headers` ends in CR LF.
Page post(std::uint16_t port, const std::string& target, const std::string& json, const std::string& headers = {});
// One request as it stands.
Page answer_to(std::uint16_t port, const std::string& request);
// A port that was free a moment ago.
std::uint16_t free_port();

Ran run_program(const Folder& folder, const std::vector<std::string>& arguments, const std::string& input = {});

}  // namespace broadsheet::e2e
