using Darkroom.Engine.Artifacts;
using Darkroom.Imaging.Metadata;
using Darkroom.Models.Fields;
using Darkroom.Server.Automatic1111.Infotext;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Contracts;
using Darkroom.Server.OpenApi;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Native.Endpoints;

/// <summary><c>POST /v1/png-info</c>: what a picture's file says of how it was made.</summary>
internal static class PngInfo
{
    public const string Schema = "PngInfoRequest";

    private static readonly PictureField Image = new(new FieldInfo("image", new PictureType(), default, "The picture: PNG, JPEG or WebP.")
        { IsRequired = true, IsPrivate = true });

    public static readonly IReadOnlyList<Field> Fields = [Image];

    private static readonly ObjectReader Reader = new(Fields);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/png-info", HandleAsync)
        .WithTags("Pictures").WithName("readPngInfo")
        .WithSummary("Reads out of a picture's file how it was made.")
        .WithDescription("It knows what Darkroom, AUTOMATIC1111, ComfyUI, InvokeAI, NovelAI, Fooocus and SwarmUI write, and says which request would make "
            + "the picture again. Nothing is stored.")
        .WithMetadata(new TakesFields(Schema, Fields))
        .Answers<PictureInfoAnswer>()
        .Fails(ProblemType.InvalidPicture, ProblemType.PictureTooLarge);

    private static async Task HandleAsync(HttpContext context, InputMemory memory)
    {
        using var room = memory.Reserve(CallerAddress.Of(context));
        var (body, problem) = await RequestReader.ReadAsync(context, Reader, BodyBytes.MaxWithPictures, room);
        if (body is null)
        {
            await ProblemResponse.WriteAsync(context, problem!);
            return;
        }
        using (body)
        {
            var faults = new FaultList();
            var values = Reader.Read(body, faults);
            if (faults.Count > 0) await ProblemResponse.WriteAsync(context, FailureTable.Of(Refusal.Of(faults)));
            else if (values.TryGet(Image, out var picture)) await JsonResponse.WriteAsync(
                context, Of(picture!, RemadeParts.Of(context.RequestServices)), WireJson.Wire.PictureInfoAnswer);
        }
    }

    private static PictureInfoAnswer Of(PictureFile picture, RemadeParts parts)
    {
        var record = PictureMetadata.Read(picture.Bytes.Span);
        var (prompt, negative, fields) = record.Parameters;
        return new(record.Info, fields, negative, prompt, new(PictureFormats.NameOf(picture.Header.Format), picture.Width, picture.Height, record.Texts),
            record.Tool, RemadeRequest.Of(record, picture.Header.Format, parts) is { } request ? Of(request) : null);
    }

    private static PictureRequest Of(RemadeRequest request) =>
        new("/v1/" + WireNames.Of(request.Task), request.Fields, request.Missing, request.Unused);
}
