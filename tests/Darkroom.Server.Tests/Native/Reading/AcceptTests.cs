using Darkroom.Imaging;
using Darkroom.Server.Native.Reading;
using Microsoft.AspNetCore.Http;

namespace Darkroom.Server.Tests.Native.Reading;

public sealed class AcceptTests
{
    [Theory]
    [InlineData(null, "json")]
    [InlineData("", "json")]
    [InlineData("*/*", "json")]
    [InlineData("application/*", "json")]
    [InlineData("application/json", "json")]
    [InlineData("application/json; charset=utf-8", "json")]
    [InlineData("application/json, text/plain, */*", "json")]
    [InlineData("image/png", "png")]
    [InlineData("IMAGE/PNG", "png")]
    [InlineData("image/jpeg", "jpeg")]
    [InlineData("image/webp", "webp")]
    [InlineData("image/*", "png")]
    [InlineData("image/png, */*", "png")]
    [InlineData("image/png;q=0.5, application/json;q=0.4", "png")]
    [InlineData("image/png;q=0.4, application/json;q=0.5", "json")]
    [InlineData("image/*;q=0.9, image/png;q=0.1", "jpeg")]
    [InlineData("*/*, application/json;q=0", "png")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", "webp")]
    [InlineData("text/html", null)]
    [InlineData("image/gif", null)]
    [InlineData("image/png;q=0", null)]
    [InlineData("not a header", null)]
    public void The_header_decides_the_answer(string? header, string? answer)
    {
        var headers = new HeaderDictionary();
        if (header is not null) headers["Accept"] = header;
        var accept = Accept.Parse(headers);
        Assert.Equal(answer, accept is null ? null : accept.Choose(null).Picture?.ToString().ToLowerInvariant() ?? "json");
    }

    [Theory]
    [InlineData("image/*", PictureFormat.Webp, PictureFormat.Webp)]
    [InlineData("image/png, image/jpeg", PictureFormat.Jpeg, PictureFormat.Jpeg)]
    [InlineData("image/png, image/*;q=0.5", PictureFormat.Jpeg, PictureFormat.Png)]
    public void Among_equally_welcome_pictures_the_requests_format_wins(string header, PictureFormat wanted, PictureFormat chosen) =>
        Assert.Equal(chosen, Accept.Parse(new HeaderDictionary { ["Accept"] = header })!.Choose(wanted).Picture);
}
