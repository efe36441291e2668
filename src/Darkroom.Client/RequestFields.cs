using System.Text.Json;
using System.Text.Json.Serialization;
using Darkroom.Client.Contracts;

namespace Darkroom.Client;

/// <summary>
/// Fields of a request as the server tells them: posting them again gives the same picture. Pictures that were sent are left out; they are sent again beside
/// it.
/// </summary>
[JsonConverter(typeof(RequestFieldsConverter))]
public sealed class RequestFields
{
    internal RequestFields(JsonElement json) => Json = json;

    /// <summary>As they stand on the wire.</summary>
    public JsonElement Json { get; }

    /// <summary>As a request of a task, to be changed by <c>with</c> and made again.</summary>
    /// <typeparam name="TRequest">The task's type.</typeparam>
    /// <exception cref="JsonException">A field has a value that this client cannot read.</exception>
    public TRequest As<TRequest>()
        where TRequest : DarkroomRequest => (TRequest)Json.Deserialize(RequestJson.TypeOf(typeof(TRequest)))!;

    /// <summary>The JSON.</summary>
    public override string ToString() => Json.ToString();
}

internal sealed class RequestFieldsConverter : JsonConverter<RequestFields>
{
    public override RequestFields Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, RequestFields value, JsonSerializerOptions options) => value.Json.WriteTo(writer);
}
