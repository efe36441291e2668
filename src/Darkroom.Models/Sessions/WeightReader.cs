using System.Buffers;
using System.Collections.Concurrent;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Darkroom.Models.Files;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs.Blocked;
using Darkroom.Models.Graphs.Writing;
using Microsoft.Win32.SafeHandles;

namespace Darkroom.Models.Sessions;

/// <summary>Reads weights out of their files, each into the type that is computed with, and changes those that are to be changed.</summary>
internal static unsafe class WeightReader
{
    /// <summary>Values that are read and converted at a time: what a core's own cache holds.</summary>
    private const int Chunk = 1 << 16;

    /// <summary>Reads all weights of a block. Files are opened once, and closed again.</summary>
    /// <param name="part">The part of a model that they are of, for messages.</param>
    /// <param name="threads">That share the work; 0: one for each core.</param>
    /// <exception cref="GraphException">A file cannot be read, or a weight is no finite number; the message names it.</exception>
    public static void Fill(string part, WeightBlock block, int threads)
    {
        var files = new ConcurrentDictionary<string, Lazy<SafeFileHandle>>(StringComparer.Ordinal);
        try
        {
            // In the order of the file, in pieces that differ little in size, so that no thread is left with the largest weight at the end.
            var pieces = block.Weights.OrderBy(weight => weight.Tensor.Path, StringComparer.Ordinal).ThenBy(weight => weight.Tensor.Offset)
                .SelectMany(weight => PiecesOf(weight).Select(first => (Weight: weight, First: first)));
            var options = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount };
            Parallel.ForEach(Partitioner.Create(pieces, EnumerablePartitionerOptions.NoBuffering), options, () => new Scratch(), (piece, _, scratch) =>
            {
                var (weight, first) = piece;
                var file = files.GetOrAdd(weight.Tensor.Path, path => new(() => File.OpenHandle(path))).Value;
                byte* place = (byte*)block.AddressOf(weight);
                if (weight.Form is not null) FillQuantised(weight, (int)first, file, place);
                else if (weight.Block > 0) FillBlocked(weight, (int)first, file, scratch, place);
                else if (weight.Tensor.Changes is []) Fill(weight, first, file, scratch, place);
                else if (weight.Tensor.Transposed) FillTurned(weight, (int)first, file, place);
                else FillChanged(weight, (int)first, file, scratch, place);
                return scratch;
            }, static _ => { });
        }
        catch (AggregateException e)
        {
            var first = e.InnerExceptions[0];
            throw first switch
            {
                GraphException => first,
                InvalidDataException => new GraphException($"{part}: what is merged into it {first.Message}", GraphFault.Misfit, first),
                IOException or UnauthorizedAccessException => new GraphException($"{part}: its weights cannot be read: {FileFault.PlainReason(first)}",
                    GraphFault.Unavailable, first),
                _ => new GraphException($"{part}: its weights cannot be read", first),
            };
        }
        finally
        {
            foreach (var file in files.Values)
                if (file.IsValueCreated) file.Value.Dispose();
        }
    }

    /// <summary>Where pieces begin: values, or rows of a weight that is changed, quantised or put in another order.</summary>
    private static IEnumerable<long> PiecesOf(PlacedWeight weight)
    {
        var tensor = weight.Tensor;
        bool changes = weight.Form is not null || tensor.Changes is not [] || weight.Block > 0;
        long count = changes ? tensor.Shape[0] : tensor.Count, piece = changes ? RowsOf(weight) : 16 * Chunk;
        for (long first = 0; first < count; first += piece) yield return first;
    }

    /// <summary>Rows that are changed or put in order at a time: whole blocks of them.</summary>
    private static int RowsOf(PlacedWeight weight)
    {
        const int Together = 48; // share what a change has to lay out for each piece
        var tensor = weight.Tensor;
        long rows = tensor.Shape[0], columns = Math.Max(1, tensor.Count / Math.Max(1, rows));
        long piece = Math.Max(Together, 16 * Chunk / columns);
        return (int)Math.Min(rows, weight.Block > 0 ? piece / weight.Block * weight.Block : piece);
    }

    /// <summary>Some rows with what changes them, summed in float32 whatever they are stored and computed as.</summary>
    private static void FillChanged(PlacedWeight weight, int first, SafeFileHandle file, Scratch scratch, byte* place)
    {
        var tensor = weight.Tensor;
        int rows = (int)Math.Min(RowsOf(weight), tensor.Shape[0] - first), columns = (int)(tensor.Count / tensor.Shape[0]), size = tensor.Type.SizeOf();
        long start = (long)first * columns;
        int count = checked(rows * columns);
        byte* target = place + start * OnnxElement.SizeOf(weight.Element, tensor.Type);
        var values = weight.Element == OnnxElement.Float ? new Span<float>(target, count) : GC.AllocateUninitializedArray<float>(count);
        for (int done = 0; done < count; done += Chunk)
        {
            int now = Math.Min(Chunk, count - done);
            var bytes = scratch.Bytes.AsSpan(0, now * size);
            tensor.Read(file, (start + done) * size, bytes);
            StoredValues.ToFloats(tensor.Type, bytes, values.Slice(done, now));
        }
        Change(tensor, values, first, columns);
        if (weight.Element == OnnxElement.Float16) TensorPrimitives.ConvertToHalf(values, new Span<Half>(target, count));
    }

    /// <summary>Some rows of a matrix that lies in its file, and is to lie in memory, the other way round: [in, out], so that they are columns there.</summary>
    private static void FillTurned(PlacedWeight weight, int first, SafeFileHandle file, byte* place)
    {
        var tensor = weight.Tensor;
        int all = (int)tensor.Shape[0], columns = (int)tensor.Shape[1], rows = Math.Min(RowsOf(weight), all - first);
        int wide = OnnxElement.SizeOf(weight.Element, tensor.Type);
        float[] values = ReadTurned(tensor, first, rows, file, out float[] stored);
        Change(tensor, values, first, columns);
        StoredValues.Turn(values, rows, columns, stored);
        for (int column = 0; column < columns; column++)
        {
            byte* target = place + ((long)column * all + first) * wide;
            var run = stored.AsSpan(column * rows, rows);
            if (weight.Element == OnnxElement.Float16) TensorPrimitives.ConvertToHalf(run, new Span<Half>(target, rows));
            else run.CopyTo(new Span<float>(target, rows));
        }
    }

    /// <summary>Some rows of a matrix that lies in its file the other way round.</summary>
    private static float[] ReadTurned(StoredTensor tensor, int first, int rows, SafeFileHandle file, out float[] stored)
    {
        int all = (int)tensor.Shape[0], columns = (int)tensor.Shape[1], size = tensor.Type.SizeOf();
        byte[] bytes = GC.AllocateUninitializedArray<byte>(rows * size);
        stored = GC.AllocateUninitializedArray<float>(checked(rows * columns));
        float[] values = GC.AllocateUninitializedArray<float>(stored.Length);
        for (int column = 0; column < columns; column++)
        {
            tensor.Read(file, ((long)column * all + first) * size, bytes);
            StoredValues.ToFloats(tensor.Type, bytes, stored.AsSpan(column * rows, rows));
        }
        StoredValues.Turn(stored, columns, rows, values);
        return values;
    }

    /// <summary>Some rows as whole numbers with their scales. No more of the weight is ever there as float32.</summary>
    private static void FillQuantised(PlacedWeight weight, int first, SafeFileHandle file, byte* place)
    {
        var tensor = weight.Tensor;
        int all = (int)tensor.Shape[0], rows = Math.Min(RowsOf(weight), all - first), columns = (int)(tensor.Count / all), size = tensor.Type.SizeOf();
        // Pieces are used again: fresh memory would be touched for gigabytes of them.
        float[]? rented = null;
        Span<float> values;
        if (tensor.Transposed)
        {
            values = ReadTurned(tensor, first, rows, file, out _);
        }
        else
        {
            int count = rows * columns;
            byte[] bytes = ArrayPool<byte>.Shared.Rent(checked(count * size));
            rented = ArrayPool<float>.Shared.Rent(count);
            values = rented.AsSpan(0, count);
            tensor.Read(file, (long)first * columns * size, bytes.AsSpan(0, count * size));
            StoredValues.ToFloats(tensor.Type, bytes.AsSpan(0, count * size), values);
            ArrayPool<byte>.Shared.Return(bytes);
        }
        Change(tensor, values, first, columns);
        QuantisedRows.Write(weight.Form!, values, first, all, columns, tensor.Shape is [_, var channels, ..] ? (int)channels : 1, place);
        if (rented is not null) ArrayPool<float>.Shared.Return(rented);
    }

    /// <summary>Some outputs of a convolution, in whole blocks.</summary>
    private static void FillBlocked(PlacedWeight weight, int first, SafeFileHandle file, Scratch scratch, byte* place)
    {
        var tensor = weight.Tensor;
        int columns = (int)(tensor.Count / tensor.Shape[0]), last = (int)Math.Min(first + RowsOf(weight), tensor.Shape[0]);
        // What changes rows wants many at a time, the processor's cache few.
        int rows = tensor.Changes is [] ? weight.Block : last - first, inputs = (int)tensor.Shape[1], size = tensor.Type.SizeOf();
        int count = checked(rows * columns);
        scratch.Grow(count, size);
        Span<byte> bytes = scratch.Bytes.AsSpan(0, count * size);
        Span<float> values = scratch.Values.AsSpan(0, count);
        for (; first < last; first += rows)
        {
            tensor.Read(file, (long)first * columns * size, bytes);
            StoredValues.ToFloats(tensor.Type, bytes, values);
            Change(tensor, values, first, columns);
            for (int row = 0; row < rows; row += weight.Block)
                BlockedFilter.Write(values.Slice(row * columns, weight.Block * columns), inputs, weight.Block,
                    new Span<float>(place + (long)(first + row) * columns * sizeof(float), weight.Block * columns));
        }
    }

    private static void Change(StoredTensor tensor, Span<float> values, int first, int columns)
    {
        if (tensor.Scale is { } scale) TensorPrimitives.Multiply(values, scale.ReadFloats()[0], values);
        Check(tensor, values);
        if (tensor.Changes is []) return;
        int row = (int)(tensor.FirstRow - tensor.ChangesFrom) + first;
        foreach (var change in tensor.Changes) change.Apply(values, row, columns);
        Check(tensor, values);
    }

    private static void Fill(PlacedWeight weight, long first, SafeFileHandle file, Scratch scratch, byte* place)
    {
        var tensor = weight.Tensor;
        long last = Math.Min(tensor.Count, first + 16L * Chunk);
        int size = tensor.Type.SizeOf(), wide = OnnxElement.SizeOf(weight.Element, tensor.Type);
        float? scale = tensor.Scale?.ReadFloats()[0];
        for (; first < last; first += Chunk)
        {
            int count = (int)Math.Min(Chunk, last - first);
            var target = new Span<byte>(place + first * wide, count * wide);
            if (scale is null && OnnxElement.Of(tensor.Type) == weight.Element && weight.Element != OnnxElement.Float16)
            {
                tensor.Read(file, first * size, target);
                if (weight.Element == OnnxElement.Float) Check(tensor, MemoryMarshal.Cast<byte, float>(target));
                continue;
            }
            var bytes = scratch.Bytes.AsSpan(0, count * size);
            tensor.Read(file, first * size, bytes);
            var values = weight.Element == OnnxElement.Float ? MemoryMarshal.Cast<byte, float>(target) : scratch.Values.AsSpan(0, count);
            StoredValues.ToFloats(tensor.Type, bytes, values);
            if (scale is { } factor) TensorPrimitives.Multiply(values, factor, values);
            Check(tensor, values);
            if (weight.Element == OnnxElement.Float16) TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<byte, Half>(target));
        }
    }

    /// <summary>A picture made with such a weight would be no numbers either, and nothing would say why.</summary>
    private static void Check(StoredTensor tensor, ReadOnlySpan<float> values)
    {
        if (!float.IsFinite(TensorPrimitives.MaxMagnitude(values)))
            throw new GraphException($"{Path.GetFileName(tensor.Path)}: weight '{tensor.Name}' has values that are not finite");
    }

    private sealed class Scratch
    {
        public byte[] Bytes { get; private set; } = GC.AllocateUninitializedArray<byte>(Chunk * 8);

        public float[] Values { get; private set; } = GC.AllocateUninitializedArray<float>(Chunk);

        /// <summary>Makes room for so many values, of so many bytes each in the file.</summary>
        public void Grow(int count, int size)
        {
            if (Bytes.Length < count * size) Bytes = GC.AllocateUninitializedArray<byte>(count * size);
            if (Values.Length < count) Values = GC.AllocateUninitializedArray<float>(count);
        }
    }
}
