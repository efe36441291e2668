using System.Reflection;
using System.Text.Json;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenApi;

/// <summary>What an answer always has is required; what it may lack is left out of it, never null.</summary>
internal sealed class AnswerNullability : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } properties } answer || context.MemberInfo is not null) return;
        var nullability = new NullabilityInfoContext();
        foreach (var property in context.Type.GetProperties())
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            if (!properties.TryGetValue(name, out var value)) continue;
            if (nullability.Create(property).ReadState != NullabilityState.Nullable) (answer.Required ??= new HashSet<string>()).Add(name);
            if (value is OpenApiSchema own) own.Type &= ~JsonSchemaType.Null;
        }
    }
}
