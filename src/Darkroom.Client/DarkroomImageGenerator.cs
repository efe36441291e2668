using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Darkroom.Client;

/// <summary>
/// A server as Microsoft.Extensions.AI has it: a prompt makes pictures, a prompt with one original changes it. Everything else that a server can do is said by
/// <see cref="ImageGenerationOptions.RawRepresentationFactory"/>, which may give a <see cref="Txt2ImgRequest"/>, <see cref="Img2ImgRequest"/> or any other
/// request with its pictures; and <c>GetService</c> gives the <see cref="DarkroomClient"/> itself.
/// </summary>
[Experimental("MEAI001")]
public sealed class DarkroomImageGenerator : IImageGenerator
{
    private readonly DarkroomClient client;
    private readonly ImageGeneratorMetadata metadata;

    /// <param name="client">The server's; it stays the caller's to dispose of.</param>
    /// <param name="defaultModelId">The model of requests that name none; null: the server's default.</param>
    public DarkroomImageGenerator(DarkroomClient client, string? defaultModelId = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        this.client = client;
        metadata = new("darkroom", client.Address, defaultModelId);
    }

    /// <summary>Makes pictures, or changes the one original. Cancelling the token cancels the job.</summary>
    /// <param name="request">The prompt, and at most one original: PNG, JPEG or WebP.</param>
    /// <param name="options">
    /// Count, size, media type and model; <c>Uri</c> as the response format leaves pictures at their addresses. Additional properties are fields of the
    /// request, by their names on the wire: <c>steps</c>, <c>seed</c> …
    /// </param>
    /// <param name="cancellationToken">Cancels the job.</param>
    /// <exception cref="DarkroomException">The server refused the request.</exception>
    /// <exception cref="DarkroomJobException">The job ended without pictures.</exception>
    /// <exception cref="NotSupportedException">Several originals, an original that is no data, or a media type that is none of PNG, JPEG and WebP.</exception>
    public async Task<ImageGenerationResponse> GenerateAsync(
        ImageGenerationRequest request, ImageGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var result = await client.GenerateAsync(RequestOf(request, options), cancellationToken).ConfigureAwait(false);
        return new([.. result.Images.Select(ContentOf)]) { RawRepresentation = result };
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ImageGeneratorMetadata) ? metadata
            : serviceType == typeof(DarkroomClient) ? client
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Nothing: the client is its owner's.</summary>
    public void Dispose()
    {
    }

    private PictureTaskRequest RequestOf(ImageGenerationRequest asked, ImageGenerationOptions? options)
    {
        var raw = options?.RawRepresentationFactory?.Invoke(this) as PictureTaskRequest;
        var request = OriginalOf(asked) is { } original ? raw switch
        {
            EditRequest edit => edit with { Image = edit.Image ?? original },
            UpscaleRequest upscale => upscale with { Image = upscale.Image ?? original },
            null => new Img2ImgRequest { Image = original },
            _ => throw new NotSupportedException($"A request for {raw.Task} takes no original."),
        }
        : raw ?? new Txt2ImgRequest();
        request = request with
        {
            Model = request.Model ?? options?.ModelId ?? (request is UpscaleRequest ? null : metadata.DefaultModelId),
            Format = request.Format ?? FormatOf(options?.MediaType),
            Return = request.Return ?? (options?.ResponseFormat is ImageGenerationResponseFormat.Uri or ImageGenerationResponseFormat.Hosted
                ? ReturnMode.Url : ReturnMode.Data),
            More = MoreOf(request.More, options?.AdditionalProperties),
        };
        if (request is not GenerationRequest generation) return request;
        generation = generation with { Prompt = generation.Prompt ?? asked.Prompt, Count = generation.Count ?? options?.Count };
        return options?.ImageSize is not { } size ? generation : generation switch
        {
            Txt2ImgRequest text => text with { Width = text.Width ?? size.Width, Height = text.Height ?? size.Height },
            ResizingRequest picture => picture with { Width = picture.Width ?? size.Width, Height = picture.Height ?? size.Height },
            _ => generation, // outpaint has its size by what it adds
        };
    }

    private static PictureSource? OriginalOf(ImageGenerationRequest asked) => asked.OriginalImages?.ToArray() switch
    {
        null or [] => null,
        [DataContent data] => PictureSource.FromBytes(data.Data),
        [_] => throw new NotSupportedException("An original must be given as data: the server fetches nothing."),
        _ => throw new NotSupportedException("Only one original can be changed at a time. A mask is given by an InpaintRequest from RawRepresentationFactory."),
    };

    private static PictureFormat? FormatOf(string? mediaType) => mediaType?.ToLowerInvariant() switch
    {
        null => default(PictureFormat?),
        "image/png" => PictureFormat.Png,
        "image/jpeg" or "image/jpg" => PictureFormat.Jpeg,
        "image/webp" => PictureFormat.Webp,
        _ => throw new NotSupportedException($"Pictures are image/png, image/jpeg or image/webp, not {mediaType}."),
    };

    private static IDictionary<string, JsonElement>? MoreOf(IDictionary<string, JsonElement>? own, AdditionalPropertiesDictionary? given)
    {
        if (given is not { Count: > 0 }) return own;
        var more = new Dictionary<string, JsonElement>(own ?? new Dictionary<string, JsonElement>());
        foreach (var (name, value) in given) more.TryAdd(name, ElementOf(name, value));
        return more;
    }

    // What JSON has as one value; serializing whatever it is would need its type's code at run time.
    private static JsonElement ElementOf(string name, object? value) => value switch
    {
        JsonElement element => element,
        null => JsonElement.Parse("null"),
        bool flag => JsonElement.Parse(flag ? "true" : "false"),
        string text => JsonElement.Parse($"\"{JsonEncodedText.Encode(text)}\""),
        int or long or double or float or decimal or short or byte or uint =>
            JsonElement.Parse(((IFormattable)value).ToString(null, System.Globalization.CultureInfo.InvariantCulture)),
        _ => throw new NotSupportedException($"The additional property '{name}' must be a number, a text, true or false, or a JsonElement."),
    };

    private AIContent ContentOf(GeneratedImage image) => image.Data is { } data
        ? new DataContent(data, image.Format.MediaType) { Name = $"{image.Index}.{image.Format}", RawRepresentation = image }
        : new UriContent(new Uri(client.Address, image.Url.TrimStart('/')), image.Format.MediaType) { RawRepresentation = image };
}

/// <summary>The client as Microsoft.Extensions.AI has it.</summary>
public static class DarkroomImageGeneration
{
    /// <summary>The server as an <see cref="IImageGenerator"/>.</summary>
    /// <param name="client">It stays the caller's to dispose of.</param>
    /// <param name="defaultModelId">The model of requests that name none; null: the server's default.</param>
    [Experimental("MEAI001")]
    public static IImageGenerator AsIImageGenerator(this DarkroomClient client, string? defaultModelId = null) =>
        new DarkroomImageGenerator(client, defaultModelId);
}
