using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Server.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenApi;

/// <summary><c>/openapi/v1.json</c>, the same in OpenAPI 3.0 for readers that know no newer, and the page at <c>/swagger</c>.</summary>
internal static class OpenApiSetup
{
    /// <summary>Path of the page.</summary>
    public const string Page = "/swagger";

    private const string Address = "/openapi/v1.json", OlderAddress = "/openapi/v1-3.0.json";

    private const string About = "Pictures from diffusion models. Errors are RFC 9457 problem documents. "
        + "A server with keys asks for one, with the scope that an operation names; one without, which only its own machine reaches, asks for nothing. "
        + "Fields of requests have x-default, the value that counts where a request gives none; where x-model-default is true, a model may have another: "
        + "defaults of GET /v1/models/{id}. This document in OpenAPI 3.0: /openapi/v1-3.0.json.";

    /// <param name="services">Of the server.</param>
    /// <param name="surfaces">Adds what surfaces say of their own types.</param>
    public static void AddDarkroomOpenApi(this IServiceCollection services, Action<SwaggerGenOptions> surfaces)
    {
        services.AddEndpointsApiExplorer();
        services.AddSingleton<ISerializerDataContractResolver>(new JsonSerializerDataContractResolver(
            new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower }));
        services.AddSingleton<OpenApiFiles>();
        services.AddSwaggerGen(document =>
        {
            document.SwaggerDoc(OpenApiFiles.Document, new OpenApiInfo
            {
                Title = "Darkroom", Version = OpenApiFiles.Document, Description = About,
                License = new() { Name = "MIT", Url = new("https://opensource.org/license/mit") },
            });
            document.DocInclusionPredicate((_, api) => api.HttpMethod != HttpMethods.Head); // as GET, without a body
            document.MapType<JsonNode>(() => new OpenApiSchema { Description = "What was given, shortened." });
            document.MapType<JsonObject>(() => new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema() });
            document.MapType<PictureData>(() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte" });
            document.MapType<ReadOnlyMemory<byte>>(() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte" });
            document.SchemaFilter<AnswerSchemas>(ContractComments.Load());
            document.OperationFilter<OperationDetails>();
            document.DocumentFilter<BodySchemas>();
            document.DocumentFilter<WireNameLists>();
            document.DocumentFilter<WireHeaders>();
            document.DocumentFilter<ProblemSchemas>();
            document.DocumentFilter<Tags>();
            document.DocumentFilter<ServersAndSecurity>();
            surfaces(document);
        });
    }

    public static void MapDarkroomOpenApi(this WebApplication app, IEndpointRouteBuilder addresses)
    {
        addresses.MapGet(Address, static (HttpContext context, OpenApiFiles files) => files.WriteAsync(context, older: false)).ExcludeFromDescription();
        addresses.MapGet(OlderAddress, static (HttpContext context, OpenApiFiles files) => files.WriteAsync(context, older: true)).ExcludeFromDescription();
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = Page[1..];
            page.DocumentTitle = "Darkroom";
            page.SwaggerEndpoint(Address, "Darkroom v1");
        });
    }
}
