# `./dev package`: what cmake/install.cmake installs, as a .deb and as a .tar.gz.
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME replsim)
set(CPACK_PACKAGE_VENDOR replsim)
set(CPACK_PACKAGE_CONTACT "The replsim maintainers <maintainers@replsim.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "simulator of primary-replica replication")
set(CPACK_PACKAGE_DESCRIPTION
    "replsim shows what a replication mode costs and which acknowledged writes it\n\
loses. It starts a cluster of real processes on this machine, or runs the same\n\
protocol code in virtual time, injects faults and reports the fate of every\n\
write and the lag of every replica.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_FILE_NAME
    replsim-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_STRIP_FILES ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
# dpkg-shlibdeps finds the packages of the shared libraries.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS prometheus)
include(CPack)
