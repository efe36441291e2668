using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Server.Http;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenApi;

/// <summary><c>/openapi/v1.json</c> and the page at <c>/swagger</c>.</summary>
internal static class OpenApiSetup
{
    /// <summary>Path of the page.</summary>
    public const string Page = "/swagger";

    private const string Version = "v1", Address = "/openapi/" + Version + ".json", SpecificationVersion = "3.1.1";

    private const string About = "Pictures from diffusion models. Errors are RFC 9457 problem documents. "
        + "Any address may answer 421 (/problems/host_not_served): the server was called by a name that is none of its own; "
        + "or 403 (/problems/cross_site): a page of another origin asked. "
        + "A server with keys asks for one, with the scope that an operation names; one without, which only its own machine reaches, asks for nothing.";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="services">Of the server.</param>
    /// <param name="surfaces">Adds what surfaces say of their own types.</param>
    public static void AddDarkroomOpenApi(this IServiceCollection services, Action<SwaggerGenOptions> surfaces)
    {
        services.AddEndpointsApiExplorer();
        services.AddSingleton<ISerializerDataContractResolver>(new JsonSerializerDataContractResolver(
            new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower }));
        services.AddSwaggerGen(document =>
        {
            document.SwaggerDoc(Version, new OpenApiInfo
                { Title = "Darkroom", Version = "v1", Description = About });
            document.DocInclusionPredicate((_, api) => api.HttpMethod != HttpMethods.Head); // as GET, without a body
            document.MapType<JsonNode>(() => new OpenApiSchema { Description = "What was given, shortened." });
            document.MapType<PictureData>(() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte" });
            document.MapType<ReadOnlyMemory<byte>>(() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte" });
            document.SchemaFilter<AnswerNullability>();
            document.OperationFilter<OperationDetails>();
            document.DocumentFilter<BodySchemas>();
            document.DocumentFilter<ServersAndSecurity>();
            surfaces(document);
        });
    }

    public static void MapDarkroomOpenApi(this WebApplication app, IEndpointRouteBuilder addresses)
    {
        addresses.MapGet(Address, WriteAsync).ExcludeFromDescription();
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = Page[1..];
            page.DocumentTitle = "Darkroom";
            page.SwaggerEndpoint(Address, "Darkroom v1");
        });
    }

    private static async Task WriteAsync(HttpContext context, IAsyncSwaggerProvider documents)
    {
        var document = await documents.GetSwaggerAsync(Version);
        var json = JsonNode.Parse(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, context.RequestAborted))!;
        // The library writes the newest patch of 3.1, which differs in wording alone and which common readers do not know.
        json["openapi"] = SpecificationVersion;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(json.ToJsonString(Readable), context.RequestAborted);
    }
}
