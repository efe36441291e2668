using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;

namespace Darkroom.Diffusion.Prompts;

/// <summary>
/// A1111's attention syntax (1.6 and later): <c>(a)</c> is ×1.1, <c>[a]</c> ÷1.1, <c>(a: 1.3 )</c> ×1.3, nested factors multiply,
/// <c>\( \) \[ \] \\</c> are the signs themselves and any other backslash vanishes; <c>BREAK</c> as a word of its own ends a chunk. A bracket that is never closed acts up to
/// the end; one that was never opened is text.
/// No text is a fault. A1111 raises on <c>(a:1.2.3)</c>; here what follows the colon is text, like every other thing that is no number
/// (<c>(a:1e3)</c>): "a:1.2.3" at 1.1.
/// </summary>
public static class PromptAttention
{
    private const double Round = 1.1;
    private const double Square = 1 / 1.1;

    private static readonly SearchValues<char> Marks = SearchValues.Create(@"\()[]:");

    /// <summary>The pieces of a text in order, neighbours of equal weight joined; at least one. Time is linear in the text but for nested brackets.</summary>
    public static IReadOnlyList<PromptPiece> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var pieces = new List<string>();
        var weights = new List<double>();
        Stack<int> round = [], square = []; // pieces before each open bracket
        for (int i = 0; i < text.Length;)
        {
            switch (text[i])
            {
                case '\\':
                    bool escapes = i + 1 < text.Length && text[i + 1] is '(' or ')' or '[' or ']' or '\\';
                    Add(escapes ? text.Substring(i + 1, 1) : "");
                    i += escapes ? 2 : 1;
                    break;
                case '(':
                    round.Push(pieces.Count);
                    i++;
                    break;
                case '[':
                    square.Push(pieces.Count);
                    i++;
                    break;
                case ':' when round.Count > 0 && WeightLength(text.AsSpan(i), out double weight) is > 0 and var length:
                    Scale(round.Pop(), weight);
                    i += length;
                    break;
                case ')' when round.Count > 0:
                    Scale(round.Pop(), Round);
                    i++;
                    break;
                case ']' when square.Count > 0:
                    Scale(square.Pop(), Square);
                    i++;
                    break;
                case ':' or ')' or ']':
                    Add(text.Substring(i, 1));
                    i++;
                    break;
                default:
                    int run = text.AsSpan(i).IndexOfAny(Marks);
                    if (run < 0) run = text.Length - i;
                    AddRun(text.AsSpan(i, run));
                    i += run;
                    break;
            }
        }
        // The outermost first: the order of the products shows in the last bit.
        foreach (int start in round.Reverse()) Scale(start, Round);
        foreach (int start in square.Reverse()) Scale(start, Square);
        return Join(pieces, weights);

        void Add(string piece)
        {
            pieces.Add(piece);
            weights.Add(1);
        }

        void AddRun(ReadOnlySpan<char> run)
        {
            int start = 0;
            while (PromptSigns.IndexOfWord(run, PromptPiece.Break.Text, start) is >= 0 and var found)
            {
                int end = found;
                while (end > start && PromptSigns.IsBlank(run[end - 1])) end--;
                Add(run[start..end].ToString());
                pieces.Add(PromptPiece.Break.Text);
                weights.Add(PromptPiece.Break.Weight);
                start = PromptSigns.SkipBlanks(run, found + PromptPiece.Break.Text.Length);
            }
            Add(run[start..].ToString());
        }

        void Scale(int start, double factor)
        {
            var inside = CollectionsMarshal.AsSpan(weights)[start..];
            TensorPrimitives.Multiply(inside, factor, inside);
        }
    }

    /// <summary>Length of <c>:number)</c> at the start of a text, blanks around the number included; 0 where there is none.</summary>
    private static int WeightLength(ReadOnlySpan<char> text, out double weight)
    {
        int start = PromptSigns.SkipBlanks(text, 1), end = start + PromptNumber.RunLength(text[start..]), close = PromptSigns.SkipBlanks(text, end);
        weight = 0;
        return close < text.Length && text[close] == ')' && PromptNumber.TryReadWeight(text[start..end], out weight) ? close + 1 : 0;
    }

    private static List<PromptPiece> Join(List<string> pieces, List<double> weights)
    {
        var joined = new List<PromptPiece>();
        var text = new StringBuilder();
        for (int i = 0; i < pieces.Count; i++)
        {
            text.Append(pieces[i]);
            if (i + 1 < pieces.Count && weights[i + 1].Equals(weights[i])) continue;
            joined.Add(new(text.ToString(), weights[i]));
            text.Clear();
        }
        return joined.Count > 0 ? joined : [new("", 1)];
    }
}
