/* The two catalogues as bytes in the program. */
    .section .rodata
    .global sluis_catalogue_nl_begin, sluis_catalogue_nl_end, sluis_catalogue_en_begin, sluis_catalogue_en_end
sluis_catalogue_nl_begin:
    .incbin "nl.txt"
sluis_catalogue_nl_end:
sluis_catalogue_en_begin:
    .incbin "en.txt"
sluis_catalogue_en_end:
    .section .note.GNU-stack, "", %progbits
