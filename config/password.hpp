// Passwords inside addresses: postgresql://ann:PASSWORD@host/db?sslpassword=PASSWORD.
#pragma once

#include <string>
#include <string_view>

namespace broadsheet::config {

// With *** in the place of each password; what has none comes back as it is.
std::string without_passwords(std::string_view address);

}  // namespace broadsheet::config
