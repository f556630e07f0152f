SELECT df.register_workflow('ship-parcel', 'SELECT 1'), df.register_workflow('ship-parcel-in-code', 'SELECT 1');
CREATE SCHEMA warehouse;
CREATE TABLE warehouse.parcels (parcel_id bigint, address text);
