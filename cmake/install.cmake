# `cmake --install`: the programs, and what a user of them needs beside them. Everything lies where
# Debian's shells, `man` and editors look for it.
include(GNUInstallDirs)
install(TARGETS replsim replsim-primary replsim-replica)

set(data ${CMAKE_INSTALL_DATADIR}/replsim)
install(DIRECTORY scenarios DESTINATION ${data} FILES_MATCHING PATTERN "*.yaml")
install(FILES scenarios/scenario.schema.json DESTINATION ${data}/scenarios OPTIONAL)

# The documents link to each other and to the scenarios by relative paths, so they keep the layout
# of the source tree.
install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES third_party/uplot/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME LICENSE.uPlot)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(CODE "file(CREATE_LINK ../../replsim/scenarios
  \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DOCDIR}/scenarios SYMBOLIC)")

# The program prints these texts from its own options.
set(texts ${PROJECT_BINARY_DIR}/install)
file(MAKE_DIRECTORY ${texts})
add_custom_command(
  OUTPUT ${texts}/replsim ${texts}/_replsim ${texts}/replsim.fish ${texts}/replsim.1
  COMMAND replsim completion bash > ${texts}/replsim
  COMMAND replsim completion zsh > ${texts}/_replsim
  COMMAND replsim completion fish > ${texts}/replsim.fish
  COMMAND replsim manual > ${texts}/replsim.1
  DEPENDS replsim VERBATIM)
add_custom_target(replsim_install_texts ALL
                  DEPENDS ${texts}/replsim ${texts}/_replsim ${texts}/replsim.fish
                          ${texts}/replsim.1)
install(FILES ${texts}/replsim DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${texts}/replsim.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES ${texts}/replsim.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
# Debian's zsh reads site-functions below /usr/local, but vendor-completions below /usr.
install(CODE "
  set(zsh site-functions)
  if(CMAKE_INSTALL_PREFIX MATCHES \"/usr$\")
    set(zsh vendor-completions)
  endif()
  file(INSTALL \"${texts}/_replsim\"
       DESTINATION \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/zsh/\${zsh}\")")
