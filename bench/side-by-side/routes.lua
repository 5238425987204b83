-- wrk: one request for each route's host, in an order that jumps about: wrk --script=routes.lua URL -- ROUTES
local requests = {}
local turn = 0

function init(args)
    for i = 1, tonumber(args[1]) do
        requests[i] = wrk.format("GET", "/64", {Host = string.format("h%d.example.com", i - 1)})
    end
end

function request()
    turn = (turn + 7919) % #requests
    return requests[turn + 1]
end
