const text = "local s = 'x' while #s < 8000000 do s = s .. s end local t = {}";
/** A script that keeps 8 MB more with each step, until Lua gets no more and says so. */
export const hoards = `${text} for i = 1, 1000 do t[i] = s .. i end`;
/** The same in ever smaller steps, and then Redis itself needs 32 MB: it ends where it gets none. */
export const exhausts = `${text} local big = s .. s .. s .. s
for _, size in ipairs({ 8000000, 1000000 }) do
  local part = string.sub(s, 1, size)
  pcall(function() for i = 1, 1000 do t[#t + 1] = part .. #t end end)
end
return #redis.call('ECHO', big)`;
