// What commands leave behind: whole files or none, and the truth about standard output.
#pragma once

#include <string>
#include <string_view>

#include "bot/base/result.hpp"

namespace broadsheet::cli {

inline constexpr unsigned kOrdinary = 0644, kSecret = 0600;

// Takes the file's place only when all of it is on the disk: a full disk leaves the old one as it was. `rights` of a
// new file; an old one never gets more than it had. Pipes and devices are written through.
Status write_file(const std::string& file, std::string_view content, unsigned rights = kOrdinary);
// After the last line. A reader that has gone (`| head`) had enough: that is no error. A full disk is.
Status end_of_output();

}  // namespace broadsheet::cli
