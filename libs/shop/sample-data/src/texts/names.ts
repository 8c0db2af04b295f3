/** The second word of a title; within a category no two products share one. */
export const models =
  `Tarn Fjell Aster Brio Cove Delta Ember Fable Grove Haven Iris Juno Kestrel Lark Mira Nova
  Orla Pike Quill Rowan Sable Terra Umber Vale Willow Yarrow Zephyr Alder Birch Cedar Dune Echo
  Fern Glen Harbour Isle Jasper Knoll Linden Marlow Nimbus Onyx Prairie Quarry Ridge Solstice Thicket Upland
  Verge Wren Atlas Beacon Cinder Drift Elm Flint Gale Hearth Indigo Juniper Kelp Lagoon Meadow North
  Opal Pebble Quartz River Slate Thistle Ursa Vesper Wharf Yonder Zinnia Amber Basil Clover Dawn Estuary
  Flora Granite Heather Inlet Jetty Kite Loch Moss Nettle Oasis Pine Reed Saffron Tundra Violet Wick`.split(
    /\s+/,
  );
