// Asio's compiled part, once for the whole program (design: architecture R21).
#include <boost/asio/impl/src.hpp>
