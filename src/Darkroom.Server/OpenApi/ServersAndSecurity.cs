using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenApi;

/// <summary>Where the API is and what it asks of callers: generators and linters want both said, even where they are the plainest.</summary>
internal sealed class ServersAndSecurity : IDocumentFilter
{
    public void Apply(OpenApiDocument swaggerDoc, DocumentFilterContext context)
    {
        // Relative to the document's own address, whatever name a proxy gives the server.
        swaggerDoc.Servers = [new() { Url = "/", Description = "The server that the document came from" }];
        swaggerDoc.Security = [new()]; // one way in, which asks nothing
    }
}
