-- Records that the loss of a history is accepted, so that readers believe what is here in place of it.
--
-- KEYS  state, flags, accepted, history
-- ARGV  channel, the lost epoch, the epoch that begins if there is none or if it is the lost one, the actor, the reason

local state, flags, accepted, history = unpack(KEYS)
local channel, lost, new_epoch, actor, reason = unpack(ARGV)
local epoch = redis.call('HGET', state, 'epoch')
local sequence = tonumber(redis.call('HGET', state, 'sequence') or 0)
local newest = redis.call('XREVRANGE', history, '+', '-', 'COUNT', 1)[1]
local time = redis.call('TIME')

redis.call('PUBLISH', channel, 'accept')
redis.call('HSET', accepted, lost, string.format('%.0f', time[1] * 1000000 + time[2]) .. '\0' .. actor .. '\0' .. reason)
if not epoch or epoch == lost then
    if newest then
        sequence = math.max(sequence, tonumber(string.match(newest[1], '^%d+')))
    end
    redis.call('HSET', state, 'epoch', new_epoch, 'sequence', string.format('%.0f', sequence),
        'flags', redis.call('HLEN', flags))
end
return {}
