using System.Net;
using System.Net.Http.Headers;
using Darkroom.Client.Wire;

namespace Darkroom.Client;

/// <content>Pictures that are held.</content>
public sealed partial class DarkroomClient
{
    /// <summary>Fetches the pictures of a result.</summary>
    /// <param name="result">With pictures by their addresses.</param>
    /// <param name="cancellationToken">Stops the fetching.</param>
    /// <returns>The same result, its pictures with their files.</returns>
    /// <exception cref="DarkroomException">410: a picture is no longer kept.</exception>
    public async Task<GenerationResult> DownloadImagesAsync(GenerationResult result, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(result);
        var images = new List<GeneratedImage>(result.Images.Count);
        foreach (var image in result.Images)
            images.Add(image.Data is not null ? image
                : image with { Data = (await GetImageAsync(image, cancellationToken).ConfigureAwait(false)).Data });
        return result with { Images = images };
    }

    /// <summary>Fetches a picture to memory.</summary>
    /// <param name="image">Of a result.</param>
    /// <param name="cancellationToken">Stops the fetching.</param>
    /// <exception cref="DarkroomException">404: there is no such picture. 410: it is no longer kept.</exception>
    public Task<PictureFile> GetImageAsync(GeneratedImage image, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return GetImageAsync(image.Url, cancellationToken);
    }

    /// <summary>Fetches a picture to memory.</summary>
    /// <param name="idOrUrl">Its id, or its address as results have it.</param>
    /// <param name="cancellationToken">Stops the fetching.</param>
    /// <exception cref="DarkroomException">404: there is no such picture. 410: it is no longer kept.</exception>
    public async Task<PictureFile> GetImageAsync(string idOrUrl, CancellationToken cancellationToken = default) =>
        (await GetImageIfChangedAsync(idOrUrl, null, cancellationToken).ConfigureAwait(false))!;

    /// <summary>Fetches a picture to memory, unless the caller has it.</summary>
    /// <param name="idOrUrl">Its id, or its address as results have it.</param>
    /// <param name="etag"><see cref="PictureFile.ETag"/> of the file that the caller has; null: it has none.</param>
    /// <param name="cancellationToken">Stops the fetching.</param>
    /// <returns>Null where the file is the one that the caller has.</returns>
    /// <exception cref="DarkroomException">404: there is no such picture. 410: it is no longer kept.</exception>
    public Task<PictureFile?> GetImageIfChangedAsync(string idOrUrl, string? etag, CancellationToken cancellationToken = default) => calls.SendAsync(
        () => ImageRequest(idOrUrl, etag),
        static async (response, cancel) => response.StatusCode == HttpStatusCode.NotModified ? null : new PictureFile(
            await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false), MediaTypeOf(response), response.Headers.ETag?.ToString()),
        cancellationToken);

    /// <summary>Fetches a picture to a stream, piece by piece. A connection that breaks within the file is not opened again.</summary>
    /// <param name="idOrUrl">Its id, or its address as results have it.</param>
    /// <param name="output">Where the file goes.</param>
    /// <param name="cancellationToken">Stops the fetching.</param>
    /// <exception cref="DarkroomException">404: there is no such picture. 410: it is no longer kept.</exception>
    public async Task DownloadImageAsync(string idOrUrl, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        // The answer outlives its try: what was written cannot be taken back, so nothing is sent again after the first byte.
        using var request = ImageRequest(idOrUrl, null);
        using var response = await calls.SendAsync(request, cancellationToken).ConfigureAwait(false);
        await response.Content.CopyToAsync(output, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads out of a picture's file how it was made.</summary>
    /// <param name="picture">PNG, JPEG or WebP.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <exception cref="DarkroomException">400: it cannot be read.</exception>
    public Task<PictureInfo> ReadPictureAsync(PictureSource picture, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var body = RequestBody.Of(picture);
        return calls.SendAsync(
            () =>
            {
                var request = calls.Request(HttpMethod.Post, "v1/png-info");
                request.Content = body.Content();
                return request;
            },
            (response, cancel) => ServerCalls.JsonAsync(response, ClientJson.Default.PictureInfo, cancel), cancellationToken, body.Repeats);
    }

    private HttpRequestMessage ImageRequest(string idOrUrl, string? etag)
    {
        ArgumentException.ThrowIfNullOrEmpty(idOrUrl);
        var request = calls.Request(HttpMethod.Get, idOrUrl.StartsWith('/') ? idOrUrl : "v1/images/" + Uri.EscapeDataString(idOrUrl));
        if (etag is not null) request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(etag));
        return request;
    }

    private static string MediaTypeOf(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType ?? "application/octet-stream";
}
