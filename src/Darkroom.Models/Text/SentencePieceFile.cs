using System.Buffers.Binary;
using Darkroom.Models.Graphs;

namespace Darkroom.Models.Text;

/// <summary>Reads <c>spiece.model</c>, SentencePiece's protobuf (<c>sentencepiece_model.proto</c>), as transformers' T5 does.</summary>
internal static class SentencePieceFile
{
    // ModelProto: pieces = 1, normalizer_spec = 3. SentencePiece: piece = 1, score = 2, type = 3. NormalizerSpec: precompiled_charsmap = 2.
    private const int Pieces = 1, Normalizer = 3, Piece = 1, Score = 2, Type = 3, Table = 2;

    // SentencePiece.Type
    private const int Unknown = 2, Control = 3;

    /// <summary>T5's sentinels, which stand behind the pieces of the file, the last first: <c>&lt;extra_id_99&gt;</c> is the first id that is free.</summary>
    private const int Sentinels = 100;

    /// <exception cref="InvalidDataException">Not such a file.</exception>
    public static T5Vocabulary Read(string path, int? maxLength)
    {
        var pieces = new Dictionary<string, int>(StringComparer.Ordinal);
        var special = new Dictionary<string, int>(StringComparer.Ordinal);
        var scores = new List<double>();
        PrecompiledCharacters? characters = null;
        int? unknown = null;
        try
        {
            using var stream = File.OpenRead(path);
            var reader = new WireReader(stream);
            while (reader.NextWhole(stream.Length, out var field))
            {
                if (field is { Number: Pieces, Type: WireType.Bytes })
                {
                    var (text, score, type) = ReadPiece(reader, field);
                    if (type == Unknown) unknown = scores.Count;
                    if (type is Unknown or Control) special[text] = scores.Count;
                    pieces[text] = scores.Count;
                    scores.Add(score);
                }
                else if (field is { Number: Normalizer, Type: WireType.Bytes })
                {
                    while (reader.NextWhole(field.End, out var part))
                    {
                        if (part is { Number: Table, Type: WireType.Bytes, Length: > 0 }) characters = new PrecompiledCharacters(reader.Read(part));
                        reader.Position = part.End;
                    }
                }
                reader.Position = field.End;
            }
        }
        catch (InvalidDataException)
        {
            throw new InvalidDataException("is not a SentencePiece model");
        }
        if (unknown is not { } id) throw new InvalidDataException("is not a SentencePiece model, or has no piece for what is unknown");
        for (int sentinel = Sentinels - 1; sentinel >= 0; sentinel--)
        {
            special[$"<extra_id_{sentinel}>"] = scores.Count;
            scores.Add(0);
        }
        return new(pieces, scores, id, special, characters, maxLength);
    }

    private static (string Text, double Score, int Type) ReadPiece(WireReader reader, WireSpan piece)
    {
        var (text, score, type) = ("", 0.0, 1);
        while (reader.NextWhole(piece.End, out var field))
        {
            if (field is { Number: Piece, Type: WireType.Bytes }) text = reader.ReadText(field);
            else if (field is { Number: Score, Type: WireType.Fixed32 }) score = BinaryPrimitives.ReadSingleLittleEndian(reader.Read(field));
            else if (field is { Number: Type, Type: WireType.Varint }) type = (int)field.Value;
            reader.Position = field.End;
        }
        return (text, score, type);
    }
}
