using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenApi;

/// <summary><c>/openapi/v1.json</c> and the page at <c>/swagger</c>.</summary>
internal static class OpenApiSetup
{
    /// <param name="services">Of the server.</param>
    /// <param name="surfaces">Adds what surfaces say of their own types.</param>
    public static void AddDarkroomOpenApi(this IServiceCollection services, Action<SwaggerGenOptions> surfaces)
    {
        services.AddEndpointsApiExplorer();
        services.AddSingleton<ISerializerDataContractResolver>(new JsonSerializerDataContractResolver(
            new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower }));
        services.AddSwaggerGen(document =>
        {
            document.SwaggerDoc("v1", new OpenApiInfo { Title = "Darkroom", Version = "v1", Description = "Pictures from diffusion models. Errors are RFC 9457 problem documents." });
            document.DocInclusionPredicate((_, api) => api.HttpMethod != HttpMethods.Head); // as GET, without a body
            document.MapType<JsonNode>(() => new OpenApiSchema { Description = "What was given, shortened." });
            document.MapType<ReadOnlyMemory<byte>>(() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte" });
            document.SchemaFilter<AnswerNullability>();
            document.OperationFilter<OperationDetails>();
            document.DocumentFilter<BodySchemas>();
            surfaces(document);
        });
    }

    public static void MapDarkroomOpenApi(this WebApplication app)
    {
        app.MapSwagger("/openapi/{documentName}.json", options => options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1);
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "swagger";
            page.DocumentTitle = "Darkroom";
            page.SwaggerEndpoint("/openapi/v1.json", "Darkroom v1");
        });
    }
}
