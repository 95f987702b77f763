// Runs the built program as a user would, in a throw-away folder.
#pragma once

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

Ran run_program(const Folder& folder, const std::vector<std::string>& arguments, const std::string& input = {});

}  // namespace broadsheet::e2e
