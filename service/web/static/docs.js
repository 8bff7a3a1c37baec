// Shows the OpenAPI document. `validatorUrl: null`: the viewer would else ask a server of its makers.
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#viewer", validatorUrl: null, deepLinking: true });
