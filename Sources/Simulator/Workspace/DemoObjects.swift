/// The fixed furniture of the simulated workspace.
enum DemoObjects {
    static let organization = "1234567890123456"
    static let clusterID = "1123-120000-demo0001"
    static let warehouseID = "abcdef0123456789"

    static func me(_ user: DemoUser) -> JSON {
        [
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "id": .string(user.id), "userName": .string(user.name), "displayName": .string(user.displayName),
            "active": true,
            "emails": [["type": "work", "value": .string(user.name), "primary": true]],
            "groups": [["display": "users", "type": "direct", "value": "2001", "$ref": "Groups/2001"]],
        ]
    }

    static func cluster(by user: DemoUser) -> JSON {
        [
            "cluster_id": .string(clusterID), "cluster_name": "demo", "state": "RUNNING",
            "spark_version": "19.3.x-scala2.13", "node_type_id": "i3.xlarge", "driver_node_type_id": "i3.xlarge",
            "num_workers": 2, "autotermination_minutes": 60, "cluster_source": "UI",
            "data_security_mode": "USER_ISOLATION", "creator_user_name": .string(user.name),
        ]
    }

    static func warehouse(host: String, port: Int) -> JSON {
        let path = "/sql/1.0/warehouses/\(warehouseID)"
        return [
            "id": .string(warehouseID), "name": "demo", "cluster_size": "2X-Small", "state": "RUNNING",
            "min_num_clusters": 1, "max_num_clusters": 1, "num_clusters": 1, "auto_stop_mins": 10,
            "enable_serverless_compute": true, "warehouse_type": "PRO",
            "jdbc_url": .string("jdbc:spark://\(host):\(port)/default;httpPath=\(path)"),
            "odbc_params": [
                "hostname": .string(host), "port": .number(Int64(port)), "path": .string(path), "protocol": "https",
            ],
        ]
    }
}
