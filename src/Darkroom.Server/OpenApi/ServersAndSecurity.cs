using System.Text.Json.Nodes;
using Darkroom.Server.Security.Access;
using Darkroom.Server.Security.Keys;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenApi;

/// <summary>Where the API is and what it asks of callers: generators and linters want both said, even where they are the plainest.</summary>
internal sealed class ServersAndSecurity : IDocumentFilter
{
    private const string Bearer = "bearer", ApiKey = "api_key", Basic = "basic";

    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        // Relative to the document's own address, whatever name a proxy gives the server.
        swaggerDoc.Servers =
        [
            new()
            {
                Url = "/", Description = "The server that the document came from: production, staging or local alike.",
                Extensions = new Dictionary<string, IOpenApiExtension> { ["x-internal"] = new JsonNodeExtension(JsonValue.Create(false)) },
            },
        ];
        swaggerDoc.Security = [new()]; // one way in, which asks nothing; operations say what they ask
        (swaggerDoc.Components ??= new()).SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key of this server." },
            [ApiKey] = new OpenApiSecurityScheme
                { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = SentKey.Header, Description = "The same key." },
            [Basic] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "basic", Description = "The same key as password, with any name." },
        };
    }

    /// <summary>What an operation asks: a key with a scope in any of three ways, or nothing where the server has no keys.</summary>
    public static List<OpenApiSecurityRequirement> Of(KeyScope? scope, OpenApiDocument document) => scope is not { } asked ? [new()] :
    [
        .. new[] { Bearer, ApiKey, Basic }.Select(name =>
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(name, document)] = [KeyScopes.NameOf(asked)] }),
        new(),
    ];
}
