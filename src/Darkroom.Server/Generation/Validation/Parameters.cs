using System.Text.Json;
using System.Text.Json.Serialization;
using Darkroom.Engine.Jobs;

namespace Darkroom.Server.Generation.Validation;

/// <summary>
/// Every value that a job used, under the names of the request's fields: posting it again gives the same picture. Pictures that were sent are left out: they
/// are posted again beside it.
/// </summary>
/// <param name="Request">What the job was asked.</param>
/// <param name="ModelHash">Content hash of the model that ran it; null until one did.</param>
/// <param name="Return">How the caller wanted the pictures.</param>
[JsonConverter(typeof(ParametersWriter))]
public sealed record Parameters(GenerationRequest Request, string? ModelHash, ReturnMode Return);

/// <summary>How an answer gives its pictures.</summary>
public enum ReturnMode { Data, Url }

internal sealed class ParametersWriter : JsonConverter<Parameters>
{
    public override Parameters Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Parameters are read by the field table.");

    public override void Write(Utf8JsonWriter writer, Parameters value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var field in TaskSheet.Of(value.Request.Task).Fields) field.WriteUsed(writer, value);
        writer.WriteEndObject();
    }
}
