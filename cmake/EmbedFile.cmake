# Run at build time by broadsheet_embed: INPUT's bytes as an array, which has no length limit and needs no escaping.
file(READ ${INPUT} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
file(WRITE ${OUTPUT}
"#include \"embedded/${SYMBOL}.hpp\"
namespace broadsheet::embedded {
namespace {
constexpr char kBytes[] = {${bytes}'\\0'};
}
const std::string_view ${SYMBOL}(kBytes, sizeof(kBytes) - 1);
}
")
