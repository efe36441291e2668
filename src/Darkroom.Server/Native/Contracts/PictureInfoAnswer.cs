using System.Text.Json.Nodes;
using Darkroom.Imaging.Metadata.Tools;
using Darkroom.Server.Wire;

namespace Darkroom.Server.Native.Contracts;

/// <summary>What a picture's file says of how it was made.</summary>
/// <param name="Info">The parameters text as it stands in the file; where a tool writes its values in a form of its own, those values as such a text. Empty
/// where there are none.</param>
/// <param name="Parameters">The fields of its last line, by AUTOMATIC1111's names; values as they are written.</param>
/// <param name="NegativePrompt">What the picture should not show. Empty where there is none.</param>
/// <param name="Prompt">What the picture shows. Empty where there is none.</param>
/// <param name="Items">What else the file says.</param>
/// <param name="Tool">Which tool wrote it: one of <see cref="GeneratorTools.Names"/>; absent where none of them is recognised.</param>
/// <param name="Request">What would make the picture again; absent where the file says of no generation.</param>
public sealed record PictureInfoAnswer(
    string Info, IReadOnlyDictionary<string, string> Parameters, string NegativePrompt, string Prompt, PictureItems Items, string? Tool,
    PictureRequest? Request);

/// <summary>The request that would make a picture again.</summary>
/// <param name="Address">Where it is posted.</param>
/// <param name="Fields">Its fields: the body to post.</param>
/// <param name="Missing">What it needs and the file does not hold, or this server does not have; a sentence each.</param>
/// <param name="Unused">Fields of <c>parameters</c> that nothing was made of.</param>
public sealed record PictureRequest(
    string Address, JsonObject Fields, IReadOnlyList<string> Missing, IReadOnlyDictionary<string, string> Unused);

/// <summary>What a picture's file is, and what else it says.</summary>
/// <param name="Format"><c>png</c>, <c>jpeg</c> or <c>webp</c>.</param>
/// <param name="Width">Pixels, upright.</param>
/// <param name="Height">Pixels, upright.</param>
/// <param name="Texts">Every other text of the file as it stands, by PNG keyword or EXIF tag.</param>
public sealed record PictureItems(
    [property: WireName("PictureFormat")] string Format, int Width, int Height, IReadOnlyDictionary<string, string> Texts);
