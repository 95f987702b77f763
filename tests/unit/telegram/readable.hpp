// Messages in a form that people can read and compare: entities as tags, buttons in brackets.
#pragma once

#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "adapters/telegram/text.hpp"

namespace broadsheet::telegram::test {

std::string readable(const FormattedText& text);
std::string readable(const std::vector<model::OutgoingMessage>& messages);
FormattedText text_of_body(const std::string& body);

}  // namespace broadsheet::telegram::test
