using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Server.Contracts;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenApi;

/// <summary><c>/openapi/v1.json</c> and the page at <c>/swagger</c>.</summary>
internal static class OpenApiSetup
{
    public static void AddDarkroomOpenApi(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSingleton<ISerializerDataContractResolver>(new JsonSerializerDataContractResolver(
            new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower }));
        services.AddSwaggerGen(document =>
        {
            document.SwaggerDoc("v1", new OpenApiInfo { Title = "Darkroom", Version = "v1", Description = "Pictures from diffusion models. Errors are RFC 9457 problem documents." });
            document.MapType<JsonNode>(() => new OpenApiSchema { Description = "What was given, shortened." });
            document.MapType<ReadOnlyMemory<byte>>(() => new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte" });
            document.MapType<Parameters>(() => new OpenApiSchemaReference(nameof(Parameters)));
            document.MapType<DefaultsAnswer>(() => new OpenApiSchemaReference(nameof(DefaultsAnswer)));
            document.SchemaFilter<AnswerNullability>();
            document.OperationFilter<OperationDetails>();
            document.DocumentFilter<NativeSchemas>();
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
