-- GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
-- SPDX-License-Identifier: GPL-3.0-or-later
-- SPDX-FileCopyrightText: The cairn.cloud developers

-- Reads a NoCloud seed: seed.lua DIRECTORY. The README of the role says what is honoured.

local lyaml = require("lyaml")

local INSTANCE = "/var/lib/cloud/instance"
local USERS = { root = "/root", tiny = "/home/tiny" }

local function quote(text)
  return "'" .. tostring(text):gsub("'", "'\\''") .. "'"
end

local function run(...)
  local words = {}
  for _, word in ipairs({ ... }) do
    words[#words + 1] = quote(word)
  end
  return os.execute(table.concat(words, " "))
end

local function read(path)
  local file = io.open(path, "rb")
  if not file then
    return nil
  end
  local text = file:read("a")
  file:close()
  return text
end

local function write(path, text, mode, append)
  run("mkdir", "-p", path:match("^(.*)/[^/]*$"))
  local file = assert(io.open(path, append and "ab" or "wb"))
  file:write(text)
  file:close()
  run("chmod", mode, path)
end

-- A YAML null, like a missing key, reads as nil; a single value as a list of one.
local function value(map, key)
  local found = type(map) == "table" and map[key] or nil
  if found == lyaml.null then
    return nil
  end
  return found
end

local function list(found)
  if found == nil then
    return {}
  end
  return type(found) == "table" and found or { found }
end

local function load_mapping(text)
  local document = text and lyaml.load(text)
  return type(document) == "table" and document ~= lyaml.null and document or {}
end

local function authorize(keys, user)
  for name, home in pairs(USERS) do
    if user == nil or user == name then
      local path = home .. "/.ssh/authorized_keys"
      for _, key in pairs(keys) do
        -- EC2's form is a mapping of names to mappings.
        local line = type(key) == "table" and key["openssh-key"] or key
        if type(line) == "string" then
          write(path, line:gsub("%s+$", "") .. "\n", "600", true)
        end
      end
      run("mkdir", "-p", home .. "/.ssh")
      run("chmod", "700", home .. "/.ssh")
      run("chown", "-R", name, home)
    end
  end
end

local function decoded(content, encoding)
  encoding = (encoding or ""):lower()
  if encoding == "" or encoding == "text/plain" then
    return content
  end
  local source = os.tmpname()
  write(source, content, "600")
  local command = encoding:find("b64") or encoding:find("base64")
  command = command and "base64 -d " .. source or "cat " .. source
  if encoding:find("^gz") then
    command = command .. " | gunzip"
  end
  local pipe = assert(io.popen(command, "r"))
  local text = pipe:read("a")
  pipe:close()
  os.remove(source)
  return text
end

local function write_file(entry)
  -- YAML reads an unquoted 0644 as a number, which is already the mode.
  local mode = value(entry, "permissions") or "644"
  mode = math.type(mode) == "integer" and string.format("%o", mode) or mode
  local content = tostring(value(entry, "content") or "")
  write(entry.path, decoded(content, value(entry, "encoding")), mode, value(entry, "append"))
  if value(entry, "owner") then
    run("chown", entry.owner, entry.path)
  end
end

local function command_line(entry)
  if type(entry) ~= "table" then
    return tostring(entry)
  end
  local words = {}
  for _, word in ipairs(entry) do
    words[#words + 1] = quote(word)
  end
  return table.concat(words, " ")
end

local function cloud_config(text)
  local config = load_mapping(text)
  if value(config, "hostname") then
    write("/etc/hostname", config.hostname .. "\n", "644")
  end
  authorize(list(value(config, "ssh_authorized_keys")))
  for _, user in ipairs(list(value(config, "users"))) do
    if type(user) == "table" and USERS[user.name] then
      authorize(list(value(user, "ssh_authorized_keys")), user.name)
    end
  end
  for _, entry in ipairs(list(value(config, "write_files"))) do
    write_file(entry)
  end
  local lines = { "#!/bin/sh" }
  for _, entry in ipairs(list(value(config, "runcmd"))) do
    lines[#lines + 1] = command_line(entry)
  end
  write(INSTANCE .. "/scripts/runcmd", table.concat(lines, "\n") .. "\n", "700")
end

local function static_script(nic)
  local lines = { "#!/bin/sh", ": >/run/tiny/resolv.$1" }
  local function add(...)
    lines[#lines + 1] = string.format(...)
  end
  if value(nic, "mtu") then
    add('ip link set "$1" mtu %s', quote(nic.mtu))
  end
  for _, address in ipairs(list(value(nic, "addresses"))) do
    add('ip addr add %s dev "$1"', quote(address))
  end
  if value(nic, "gateway4") then
    add('ip route add default via %s dev "$1"', quote(nic.gateway4))
  end
  for _, route in ipairs(list(value(nic, "routes"))) do
    local target = route.to == "0.0.0.0/0" and "default" or route.to
    add('ip route add %s via %s dev "$1"', quote(target), quote(route.via))
  end
  for _, server in ipairs(list(value(value(nic, "nameservers"), "addresses"))) do
    add('echo nameserver %s >>"/run/tiny/resolv.$1"', quote(server))
  end
  add("cat /run/tiny/resolv.* >/etc/resolv.conf")
  return table.concat(lines, "\n") .. "\n"
end

local function network_config(text)
  local config = load_mapping(text)
  config = value(config, "network") or config
  for _, nic in pairs(list(value(config, "ethernets"))) do
    local mac = value(value(nic, "match"), "macaddress")
    if mac and not value(nic, "dhcp4") then
      write("/run/tiny/static/" .. mac:lower(), static_script(nic), "755")
    end
  end
end

local function meta_data(text)
  local meta = load_mapping(text)
  local name = value(meta, "local-hostname") or value(meta, "hostname")
  if name then
    write("/etc/hostname", name .. "\n", "644")
  end
  if value(meta, "instance-id") then
    write("/var/lib/cloud/data/instance-id", meta["instance-id"] .. "\n", "644")
  end
  local keys = value(meta, "public-keys") or value(meta, "public_keys")
  authorize(type(keys) == "string" and { keys } or list(keys))
end

local function user_data(text)
  if not text then
    return
  end
  write(INSTANCE .. "/user-data.txt", text, "600")
  if text:find("^#!") then
    write(INSTANCE .. "/scripts/user-data", text, "700")
  elseif text:find("^#cloud%-config") then
    cloud_config(text)
  end
end

-- A part that cannot be read must not keep the others from being applied.
local directory = arg[1]
local parts = { ["meta-data"] = meta_data, ["network-config"] = network_config, ["user-data"] = user_data }
for _, name in ipairs({ "meta-data", "network-config", "user-data" }) do
  local ok, message = pcall(parts[name], read(directory .. "/" .. name))
  if not ok then
    io.stderr:write("seed: ", name, ": ", tostring(message), "\n")
  end
end
