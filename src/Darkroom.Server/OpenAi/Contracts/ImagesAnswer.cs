using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Darkroom.Server.Http;
using Darkroom.Server.Wire;

namespace Darkroom.Server.OpenAi.Contracts;

/// <summary>Finished pictures.</summary>
public sealed record ImagesAnswer
{
    /// <summary>When the job was accepted: seconds since 1970.</summary>
    public required long Created { get; init; }

    /// <summary>The pictures, in the order of their seeds.</summary>
    public required IReadOnlyList<ImageData> Data { get; init; }

    /// <summary>There is no transparency here.</summary>
    [WireValue("opaque")]
    public required string Background { get; init; }

    /// <summary><c>png</c>, <c>jpeg</c> or <c>webp</c>.</summary>
    [WireName("PictureFormat")]
    public required string OutputFormat { get; init; }

    /// <summary>WIDTHxHEIGHT of the pictures.</summary>
    public required string Size { get; init; }

    /// <summary>As it was asked; absent where it was <c>auto</c>.</summary>
    [WireName("OpenAiQuality")]
    public string? Quality { get; init; }

    /// <summary>Whatever was changed on the way; absent where nothing was. OpenAI's API has no such member.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }
}

/// <summary>One picture of an answer.</summary>
/// <param name="B64Json">The file; absent where addresses were asked for.</param>
/// <param name="Url">Where it is, for an hour and without a key; absent where the file stands here.</param>
/// <param name="Seed">What it was made with. OpenAI's API has no such member.</param>
public sealed record ImageData([property: JsonPropertyName("b64_json")] PictureData? B64Json, string? Url, long Seed);

/// <summary>A preview of a picture that is being made.</summary>
/// <param name="Type"><c>image_generation.partial_image</c> or <c>image_edit.partial_image</c>.</param>
/// <param name="B64Json">The preview's file.</param>
/// <param name="CreatedAt">Seconds since 1970.</param>
/// <param name="Size">WIDTHxHEIGHT of the preview, which is smaller than the picture.</param>
/// <param name="Quality">As it was asked.</param>
/// <param name="Background">There is no transparency here.</param>
/// <param name="OutputFormat"><c>png</c>, whatever the picture will be.</param>
/// <param name="PartialImageIndex">From 0, for each picture.</param>
public sealed record PartialImageEvent(
    [property: WireName("OpenAiEventType")] string Type, [property: JsonPropertyName("b64_json")] ReadOnlyMemory<byte> B64Json, long CreatedAt, string Size,
    [property: WireName("OpenAiQuality")] string Quality, [property: WireValue("opaque")] string Background, [property: WireValue("png")] string OutputFormat,
    int PartialImageIndex);

/// <summary>A finished picture of a stream.</summary>
/// <param name="Type"><c>image_generation.completed</c> or <c>image_edit.completed</c>.</param>
/// <param name="B64Json">The file.</param>
/// <param name="CreatedAt">Seconds since 1970.</param>
/// <param name="Size">WIDTHxHEIGHT.</param>
/// <param name="Quality">As it was asked.</param>
/// <param name="Background">There is no transparency here.</param>
/// <param name="OutputFormat">Format of the file.</param>
/// <param name="Seed">What it was made with. OpenAI's API has no such member.</param>
public sealed record ImageCompletedEvent(
    [property: WireName("OpenAiEventType")] string Type, [property: JsonPropertyName("b64_json")] PictureData B64Json, long CreatedAt, string Size,
    [property: WireName("OpenAiQuality")] string Quality, [property: WireValue("opaque")] string Background,
    [property: WireName("PictureFormat")] string OutputFormat, long Seed)
{
    /// <summary>OpenAI's event must have it; this server counts no tokens.</summary>
    public TokenUsage Usage { get; init; } = TokenUsage.None;
}

/// <summary>Tokens: none.</summary>
/// <param name="TotalTokens">0</param>
/// <param name="InputTokens">0</param>
/// <param name="OutputTokens">0</param>
/// <param name="InputTokensDetails">The former, by kind.</param>
public sealed record TokenUsage(int TotalTokens, int InputTokens, int OutputTokens, TokenKinds InputTokensDetails)
{
    public static TokenUsage None { get; } = new(0, 0, 0, new(0, 0));
}

/// <summary>Tokens of a request, by kind: none.</summary>
/// <param name="TextTokens">0</param>
/// <param name="ImageTokens">0</param>
public sealed record TokenKinds(int TextTokens, int ImageTokens);

/// <summary>Why there are no pictures.</summary>
/// <param name="Error">What went wrong.</param>
public sealed record ErrorAnswer(ErrorBody Error);

/// <summary>The same as an event, which ends the stream.</summary>
/// <param name="Type"><c>error</c></param>
/// <param name="Error">What went wrong.</param>
public sealed record ErrorEvent([property: WireValue("error")] string Type, ErrorBody Error);

/// <summary>What went wrong. All four members are always there.</summary>
/// <param name="Message">Everything that is wrong, in sentences.</param>
/// <param name="Type">Whose doing it is.</param>
/// <param name="Param">The field that is wrong, the first of several; null: none.</param>
/// <param name="Code">A stable name of the reason.</param>
public sealed record ErrorBody(
    string Message, [property: WireName("OpenAiErrorType")] string Type, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Param,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Code);

/// <summary>Everything that this surface answers as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ImagesAnswer))]
[JsonSerializable(typeof(PartialImageEvent))]
[JsonSerializable(typeof(ImageCompletedEvent))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(ErrorEvent))]
internal sealed partial class OpenAiJson : JsonSerializerContext
{
    /// <summary>Letters and quotes as themselves: nothing of it is ever put into HTML.</summary>
    public static OpenAiJson Wire => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
