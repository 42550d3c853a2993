# Exploring, with trials that cost nothing.
foreach(test explore_test explore_draw_test explore_promise_test explore_shrink_test
             explore_workers_test)
  replsim_test(${test} unit LIBS replsim_explore)
endforeach()
