using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Darkroom.Server.Wire;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Darkroom.Server.OpenApi;

/// <summary>
/// What the sources say of an answer's type: its comments are the descriptions, what it always has is required, what it may lack is left out of it and never
/// null, and numbers have the bounds of their types.
/// </summary>
internal sealed class AnswerSchemas(ContractComments comments) : ISchemaFilter
{
    /// <summary>2^53−1: larger whole numbers are not kept by every reader of JSON, and none is sent.</summary>
    private const string MaxWhole = "9007199254740991", MaxInt = "2147483647";

    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { } properties } answer || context.MemberInfo is not null) return;
        answer.Description ??= comments.Of(context.Type);
        var nullability = new NullabilityInfoContext();
        foreach (var property in context.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            if (!properties.TryGetValue(name, out var value)) continue;
            var mayBeNull = nullability.Create(property).ReadState == NullabilityState.Nullable;
            var isAlways = property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition == JsonIgnoreCondition.Never;
            if (!mayBeNull || isAlways) (answer.Required ??= new HashSet<string>()).Add(name);
            properties[name] = Described(Shaped(value, property, keepsNull: mayBeNull && isAlways), comments.Of(property));
        }
    }

    private static IOpenApiSchema Shaped(IOpenApiSchema value, PropertyInfo property, bool keepsNull)
    {
        if (property.GetCustomAttribute<WireNameAttribute>() is { List: var list })
            return value is OpenApiSchema { Items: not null } names ? With(names, items: new OpenApiSchemaReference(list)) : new OpenApiSchemaReference(list);
        if (value is not OpenApiSchema own) return value;
        own.Type = keepsNull ? own.Type | JsonSchemaType.Null : own.Type & ~JsonSchemaType.Null;
        if (property.GetCustomAttribute<WireValueAttribute>() is { Value: var constant }) own.Const = constant;
        if (own.Items is OpenApiSchema item) Bound(item);
        Bound(own);
        if (property.GetCustomAttribute<WireSignedAttribute>() is not null) own.Minimum = null;
        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
            (own.Minimum, own.Maximum) = (Convert.ToString(range.Minimum, System.Globalization.CultureInfo.InvariantCulture),
                Convert.ToString(range.Maximum, System.Globalization.CultureInfo.InvariantCulture));
        return own;
    }

    private static void Bound(OpenApiSchema number)
    {
        var type = number.Type & ~JsonSchemaType.Null;
        if (type is JsonSchemaType.Integer or JsonSchemaType.Number) number.Minimum ??= "0";
        if (type == JsonSchemaType.Integer) number.Maximum ??= number.Format == "int64" ? MaxWhole : MaxInt;
    }

    private static OpenApiSchema With(OpenApiSchema list, IOpenApiSchema items)
    {
        list.Items = items;
        list.Type &= ~JsonSchemaType.Null;
        return list;
    }

    /// <summary>The same with a description of this place.</summary>
    public static IOpenApiSchema Described(IOpenApiSchema value, string? about)
    {
        if (about is null) return value;
        if (value is OpenApiSchemaReference { Reference.Id: { } id }) return new OpenApiSchemaReference(id) { Description = about };
        if (value is OpenApiSchema own) own.Description = about;
        return value;
    }
}
