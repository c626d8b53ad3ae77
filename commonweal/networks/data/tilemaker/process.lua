-- What goes into the tiles: little, so that a town fits into a megabyte and a phone draws it at once.
-- Layers: water, green, building, road (class, name), rail, boundary, place (class, name).

node_keys = { "place" }

local green_leisure = { park = true, nature_reserve = true, golf_course = true, garden = true, pitch = true, playground = true }
local green_landuse = {
	cemetery = true, forest = true, recreation_ground = true, grass = true, meadow = true, village_green = true,
	allotments = true, orchard = true, vineyard = true,
}
local green_natural = { wood = true, scrub = true, grassland = true, heath = true }
local water_landuse = { basin = true, reservoir = true }

-- class as the style knows it, and the zoom from which it is there
local road_class = {
	motorway = { "motorway", 9 }, trunk = { "motorway", 9 },
	motorway_link = { "ramp", 12 }, trunk_link = { "ramp", 12 },
	primary = { "main", 10 }, secondary = { "main", 11 }, tertiary = { "middle", 12 },
	primary_link = { "middle", 13 }, secondary_link = { "middle", 13 }, tertiary_link = { "middle", 13 },
	residential = { "street", 12 }, unclassified = { "street", 12 }, living_street = { "street", 12 },
	road = { "street", 13 }, pedestrian = { "path", 13 },
	service = { "lane", 13 }, track = { "lane", 13 },
	footway = { "path", 14 }, path = { "path", 14 }, cycleway = { "path", 14 }, steps = { "path", 14 },
	bridleway = { "path", 14 },
}
-- Of services only those that a person walks down, not each parking aisle and drive.
local dull_service = { parking_aisle = true, driveway = true, ["drive-through"] = true }

local place_zoom = {
	city = 9, town = 9, village = 10, suburb = 11, borough = 11, quarter = 12, neighbourhood = 12, hamlet = 12,
}

function init_function() end
function exit_function() end

function node_function(node)
	local class, name = node:Find("place"), node:Find("name")
	local zoom = place_zoom[class]
	if zoom and name ~= "" then
		node:Layer("place", false)
		node:MinZoom(zoom)
		node:Attribute("class", class)
		node:Attribute("name", name)
	end
end

local function road(way, highway)
	local kind = road_class[highway]
	local name = way:Find("name")
	if not kind or way:Find("area") == "yes" then return end
	if name == "" and dull_service[way:Find("service")] then return end
	way:Layer("road", false)
	way:MinZoom(kind[2])
	way:Attribute("class", kind[1])
	if name ~= "" and kind[1] ~= "ramp" then way:Attribute("name", name) end
	if way:Find("tunnel") == "yes" then way:Attribute("tunnel", "yes") end
end

function way_function(way)
	local highway, natural, landuse = way:Find("highway"), way:Find("natural"), way:Find("landuse")
	local closed = way:IsClosed()
	if highway ~= "" then
		road(way, highway)
	elseif way:Find("railway") == "rail" or way:Find("railway") == "light_rail" then
		if way:Find("service") == "" then
			way:Layer("rail", false)
		end
	end
	if closed and (natural == "water" or way:Find("waterway") == "riverbank" or water_landuse[landuse]) then
		way:Layer("water", true)
	elseif not closed and (way:Find("waterway") == "river" or way:Find("waterway") == "canal") then
		way:Layer("water", false)
		way:MinZoom(11)
	elseif closed and (green_leisure[way:Find("leisure")] or green_landuse[landuse] or green_natural[natural]) then
		way:Layer("green", true)
	end
	if closed and way:Find("building") ~= "" and way:Find("building") ~= "no" then
		way:Layer("building", true)
	end
	if way:Find("boundary") == "administrative" and not closed then
		local level = tonumber(way:Find("admin_level"))
		if level and level <= 8 then
			way:Layer("boundary", false)
			way:AttributeNumeric("level", level)
		end
	end
end
